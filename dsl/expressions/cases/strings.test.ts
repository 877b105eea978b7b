import { checkCases } from './check.ts';

checkCases(
  'strings',
  String.raw`
null @ [ltrimstr("a","b")] ✗ startswith() requires string inputs
null @ "foo bar" | ascii_downcase, ascii_upcase, ltrimstr("foo"), rtrimstr("bar"), trimstr("f") → ["foo bar","FOO BAR"," bar","foo ","oo bar"]
null @ [1,2] | join(",","-") → ["1,2","1-2"]
null @ ["a",1,null,true] | join("-") → ["a-1--true"]
null @ [[1]] | join(",") ✗ string ("") and array ([1]) cannot be added
null @ [3,1]|tostring, tojson, (tojson|fromjson) → ["[3,1]","[3,1]",[3,1]]
null @ "NaN"|fromjson → [null]
null @ "\"a\\u00e9\""|fromjson → ["aé"]
null @ [1,"a"] | implode ✗ string ("a") can't be imploded, unicode codepoint needs to be numeric
null @ [65, 128512] | implode → ["A😀"]
null @ [55296]|implode → ["�"]
null @ 1|implode ✗ implode input must be an array
null @ "a"|utf8bytelength → [1]
null @ 1|utf8bytelength ✗ number (1) only strings have UTF-8 byte length
null @ [1,null,"a"]|[.[]|values, nulls, numbers, strings, scalars, iterables, arrays, objects, booleans] → [[1,1,1,null,null,"a","a","a"]]
null @ " a "|trim, ltrim, rtrim → ["a","a "," a"]
null @ 1|trim ✗ trim input must be a string
null @ [1,2]|join(1) ✗ string ("1") and number (1) cannot be added
null @ ltrimstr("a") ✗ startswith() requires string inputs
null @ "a"|ltrimstr(1) ✗ startswith() requires string inputs
null @ ltrimstr("x")? → []
null @ "ab"|split("") → [["a","b"]]
null @ [split("a","b")?] → [[]]
null @ "xay"|[split("a","y")] → [[["x","y"],["xa",""]]]
null @ {"a":1}|tojson|fromjson → [{"a":1}]
null @ [true,1,null,"a"]|map(tostring) → [["true","1","null","a"]]
null @ [.[]|tostring]? → []
null @ "1"|tonumber+1 → [2]
null @ "1e3"|tonumber → [1000]
null @ " 1 "|tonumber? → []
null @ "-5"|tonumber → [-5]
null @ "+5"|tonumber? → [5]
null @ "1 2"|tonumber? → []
null @ "Infinity"|tonumber? → [1.7976931348623157e+308]
null @ [1,2]|tojson|tojson → ["\"[1,2]\""]
null @ "x"|ascii_upcase → ["X"]
null @ [1,2]|implode → ["\u0001\u0002"]
null @ 1|tostring|tojson → ["\"1\""]
null @ 1|tojson|tostring → ["1"]
null @ "1,2"|split(",")|map(tonumber) → [[1,2]]
null @ "a"|split(1)? → []
null @ "abc"|split("") → [["a","b","c"]]
null @ "abc"|ltrimstr("a"),rtrimstr("c"),trimstr("a"),trimstr("b"),ltrimstr("x"),rtrimstr(""),trimstr("abc") → ["bc","ab","bc","abc","abc","abc",""]
null @ "\t a\n\u00a0"|trim,ltrim,rtrim → ["a","a\n ","\t a"]
null @ [1,"1",[1],{"a":1},null,true]|map(type),map(tojson),map(scalars),map(iterables) → [["number","string","array","object","null","boolean"],["1","\"1\"","[1]","{\"a\":1}","null","true"],[1,"1",null,true],[[1],{"a":1}]]
null @ [1,2]|tojson|fromjson → [[1,2]]
null @ "{\"a\":1}"|fromjson.a → [1]
null @ " [1] "|fromjson → [[1]]
null @ "x"|ascii_downcase|ascii_upcase → ["X"]
null @ "-0"|tonumber → [0]
`,
);
