import { checkCases } from './check.ts';

checkCases(
  'formats',
  String.raw`
null @ {@base64 "x": 1} → [{"x":1}]
null @ {@base64 "x"} → [{"x":null}]
null @ @base64 "a\("b")c" → ["aYg==c"]
null @ @json "x\([1])" → ["x[1]"]
null @ "\u00e9"|@uri → ["%C3%A9"]
null @ @html "<\("<&'\">")>" → ["<&lt;&amp;&apos;&quot;&gt;>"]
null @ @sh "echo \("a'b" , [1,"x"])" → ["echo 'a'\\''b'","echo 1 'x'"]
null @ @csv "\([1,"a\"b",null,true])" → ["1,\"a\"\"b\",,true"]
null @ @tsv "\([1,"a\tb",null,true])" → ["1\ta\\tb\t\ttrue"]
null @ @uri "\("ü /?x=~-_.")" → ["%C3%BC%20%2F%3Fx%3D~-_."]
null @ @base64 "\([1])" → ["WzFd"]
null @ [1,[2]]|@sh ✗ array ([2]) can not be escaped for shell
null @ [{}]|@csv ✗ object ({}) is not valid in a csv row
null @ {} | @csv ✗ object ({}) cannot be csv-formatted, only array
null @ "x"|@csv ✗ string ("x") cannot be csv-formatted, only array
null @ "YWJj"|@base64d → ["abc"]
null @ "YWJ"|@base64d → ["ab"]
null @ "!!!"|@base64d ✗ string ("!!!") is not valid base64 data
null @ "%41%c3%a9+"|@urid → ["Aé+"]
null @ "%4"|@urid ✗ string ("%4") is not a valid uri encoding
null @ @text → ["null"]
null @ @json "a\(1+1)b", @text "x\([1])" → ["a2b","x[1]"]
null @ path(@json) ✗ Invalid path expression with result "null"
null @ @sh "a\(null)b\(true)" → ["anullbtrue"]
null @ @text "\([1,"a"])", @json "\("a")" → ["[1,\"a\"]","\"a\""]
null @ "a"|@base64,@uri,@html,@sh,@json,@text,@base64d? → ["YQ==","a","a","'a'","\"a\"","a"]
null @ [1,"a",null,1.5,true]|@csv,@tsv,@sh,@html,@json → ["1,\"a\",,1.5,true","1\ta\t\t1.5\ttrue","1 'a' null 1.5 true","[1,&quot;a&quot;,null,1.5,true]","[1,\"a\",null,1.5,true]"]
null @ ["a\\b\r\n"]|@tsv → ["a\\\\b\\r\\n"]
null @ "é"|@uri,@base64,utf8bytelength,length → ["%C3%A9","w6k=",2,1]
null @ "a=b&c d"|@uri,@html → ["a%3Db%26c%20d","a=b&amp;c d"]
null @ @json "v=\(.)", @html "<b>\("<i>")</b>", @csv "\(["a",1])" → ["v=null","<b>&lt;i&gt;</b>","\"a\",1"]
null @ "a%20b%zz"|try @urid catch . → ["string (\"a%20b%zz\") is not a valid uri encoding"]
null @ "%ff"|@urid ✗ string ("%ff") is not a valid uri encoding
null @ "/w=="|@base64d → ["�"]
null @ "YQ"|@base64d → ["a"]
null @ "Y"|try @base64d catch . → ["string (\"Y\") trailing base64 byte found"]
null @ "YW Jj"|try @base64d catch . → ["string (\"YW Jj\") is not valid base64 data"]
null @ 1|@base64d? → []
null @ {}|@base64 → ["e30="]
null @ [1,[2]]|try @tsv catch . → ["array ([2]) is not valid in a csv row"]
null @ [1,{}]|try @csv catch . → ["object ({}) is not valid in a csv row"]
null @ [1,{}]|try @sh catch . → ["object ({}) can not be escaped for shell"]
null @ {}|try @sh catch . → ["object ({}) can not be escaped for shell"]
null @ "it's"|@sh → ["'it'\\''s'"]
null @ nan|@sh,@json,@csv? → ["null","null"]
`,
);
