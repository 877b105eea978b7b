import { checkCases } from './check.ts';

checkCases(
  'regular expressions',
  String.raw`
null @ "abc" | test("B";"i"), test(["B","i"]) → [true,true]
null @ "abc abd" | [match("ab(?<x>.)";"g")] → [[{"offset":0,"length":3,"string":"abc","captures":[{"offset":2,"length":1,"string":"c","name":"x"}]},{"offset":4,"length":3,"string":"abd","captures":[{"offset":6,"length":1,"string":"d","name":"x"}]}]]
null @ "abc" | [match("";"g").offset] → [[0,1,2,3]]
null @ "abc" | capture("(?<a>.)(?<b>z)?") → [{"a":"a","b":null}]
null @ "aXbX" | sub("X";"1","2"), gsub("x";"y";"i"), [gsub("(?<l>[a-z])";"\(.l)!", "\(.l)?")] → ["a1bX","a2bX","ayby",["a!Xb!X","a?Xb?X"]]
null @ "test" | gsub("";"-"), gsub("^";">"), sub("$";"<") → ["-t-e-s-t-",">test","test<"]
null @ "a,b, c" | split(", *";null), [splits(", ?")], [scan("[a-z]")], [scan("([a-z])(,)")] → [["a","b","c"],["a","b","c"],["a","b","c"],[["a",","],["b",","]]]
null @ "abc" | [scan("B";"i")] → [["b"]]
null @ [splits("a")] ✗ null (null) cannot be matched, as it is not a string
null @ "a b"|[splits(" ")] → [["a","b"]]
null @ splits(1) ✗ null (null) cannot be matched, as it is not a string
null @ "a"|test(1) ✗ number not a string or array
null @ "a"|test("a";"q") ✗ q is not a valid modifier string
null @ "a"|test("a";1) ✗ number (1) is not a string
null @ "aé😀b"|[match("b").offset], [match(".";"g").length] → [[3],[1,1,1,1]]
null @ "abab"|[match("(a)(x)?";"g")|.captures] → [[[{"offset":0,"length":1,"string":"a","name":null},{"offset":-1,"string":null,"length":0,"name":null}],[{"offset":2,"length":1,"string":"a","name":null},{"offset":-1,"string":null,"length":0,"name":null}]]]
null @ "Abc\nd"|[scan("^.";"x")], test("c$"), test("c.d"), test("c.d";"s"), test("c.d";"n"), test("A B C";"xi"),[match("";"gn")|.offset] → [["A"],false,false,false,false,true,[]]
null @ "abc"|sub("(?<x>b)";"[\(.x)]"), sub("b";1) ✗ string ("a") and number (1) cannot be added
null @ path(splits("a")) ✗ null (null) cannot be matched, as it is not a string
null @ "abc"|split("b";"g") → [["a","c"]]
null @ "a1b2"|split("[0-9]";null) → [["a","b",""]]
null @ "abc"|test("a","z") → [true,false]
null @ "abc"|[match("a","b").string] → [["a","b"]]
null @ "abcabc"|[match("b";"g","").offset] → [[1,4,1]]
null @ "aAbB"|[scan("a";"gi")], [scan("[a-b]+";"i")], [scan("(a)|(b)";"g")] → [["a","A"],["aAbB"],[["a",null],[null,"b"]]]
null @ "ab"|sub("(?<x>a)|(?<y>b)";"\(.x)\(.y)";"g") → ["anullnullb"]
null @ "ab"|gsub("(?<x>a)?b";"[\(.x)]") → ["[a]"]
null @ "aaa"|sub("a";"b","c";"g") → ["bbb","ccc"]
null @ "aaa"|[gsub("a";"b","c")] → [["bbb","ccc"]]
null @ "abc"|gsub("";"x") → ["xaxbxcx"]
null @ "abc"|gsub("(?<d>\\d)";"x") → ["abc"]
null @ "abc"|[match("(?<x>a)(?<x>b)?").captures] → [[[{"offset":0,"length":1,"string":"a","name":"x"},{"offset":1,"length":1,"string":"b","name":"x"}]]]
null @ "abc"|capture("(a)(?<n>b)") → [{"n":"b"}]
null @ "a.b"|split(".";null) → [["","","",""]]
null @ "a b  c"|[splits(" +")],[splits("B";"i")] → [["a","b","c"],["a ","  c"]]
null @ [splits("a","b")]? → []
"foobar foo" @ [match("foo(bar)?";"g")] → [[{"offset":0,"length":6,"string":"foobar","captures":[{"offset":3,"length":3,"string":"bar","name":null}]},{"offset":7,"length":3,"string":"foo","captures":[{"offset":-1,"string":null,"length":0,"name":null}]}]]
"a-b" @ [scan("[\\w-]+")], [scan("\\-")] → [["a-b"],["-"]]
"xyz" @ [match("(?<a>x)(y)(?<b>z)").captures[].name] → [["a",null,"b"]]
"test" @ [match("(?:t)(e)").captures[].string] → [["e"]]
"a.b.c" @ split("."), split(".";null)|length → [3,6]
"aXbxc" @ ascii_downcase, [splits("x";"i")], sub("x";"-";"gi"), gsub("x";"-";"i") → ["axbxc",["a","b","c"],"a-b-c","a-b-c"]
"abc" @ gsub("(?<l>.)";.l+"."), [gsub("b";"1","2")], gsub("$";"!"), gsub("^";"!"), gsub("";"-") → ["a.b.c.",["a1c","a2c"],"abc!","!abc","-a-b-c-"]
"aa" @ [sub("(?<x>a)";"1\(.x)","2")], [gsub("a";empty)], [sub("z";"1","2")], [gsub("a";"b";"x","g")] → [["1aa","2a"],["aa"],["aa"],["bb","bb"]]
"abc" @ [capture("(?<x>a)|(?<y>b)";"g")] → [[{"x":"a","y":null},{"x":null,"y":"b"}]]
`,
);
