import { checkCases } from './check.ts';

checkCases(
  'paths',
  String.raw`
null @ path(1) ✗ Invalid path expression with result 1
null @ [path(null)] → [[[]]]
null @ path(.a|tostring) ✗ Invalid path expression with result "null"
null @ path(1|.a) ✗ Invalid path expression near attempt to access element "a" of 1
null @ path([1]|.[]) ✗ Invalid path expression near attempt to iterate through [1]
null @ [paths] → [[]]
null @ ..[0] → [null]
null @ ..? → [null]
null @ [..] → [[null]]
null @ {"a":{"b":1}} | getpath(["a","b"]), getpath(["x","y"]), (try getpath(["a","b","c"]) catch .) → [1,null,"Cannot index number with string (\"c\")"]
null @ getpath(["a",0,"b"]) → [null]
null @ {b:1,a:2}|tojson, ., keys_unsorted, tostring, "\(.)", to_entries[0].key, [.[]], [paths], [..] → ["{\"b\":1,\"a\":2}",{"b":1,"a":2},["b","a"],"{\"b\":1,\"a\":2}","{\"b\":1,\"a\":2}","b",[1,2],[["b"],["a"]],[{"b":1,"a":2},1,2]]
null @ path(..) → [[]]
null @ [paths(..)] → [[]]
null @ [path(.a[].b?)] ✗ Cannot iterate over null (null)
null @ [path(.a|select(.b))] → [[]]
null @ path(getpath(["a","b"])|.c) → [["a","b","c"]]
null @ path(if .a then .b else .c end) → [["c"]]
null @ path(.a // .b) → [["b"]]
{"a":false} @ path(.a // .b) → [["b"]]
{"a":1} @ path(.a // .b) → [["a"]]
null @ path(first(.a,.b)) → [["a"]]
null @ [path(limit(2;.a,.b,.c))] → [[["a"],["b"]]]
null @ [path(.a,.b|recurse(if . then .x else empty end))] → [[["a"],["b"]]]
null @ path(.. | .a?) → [["a"]]
null @ path(1 as $x | .a) → [["a"]]
null @ path(reduce ("a","b") as $k (.; .[$k])) → [[]]
null @ [path(foreach ("a","b") as $k (.; .[$k]))] → [[["a"],["b"]]]
null @ [path(foreach ("a","b") as $k (.; .[$k]; .c))] → [[["a","c"],["b","c"]]]
null @ path(label $f | .a, break $f) → [["a"]]
null @ path(try error("x") catch .) ✗ Invalid path expression with result "x"
null @ path(try .a catch .) → [["a"]]
null @ path(def f: .a; f | f) → [["a","a"]]
null @ path(def f(g): g | g; f(.a)) → [["a","a"]]
null @ path(error("x"))? → []
null @ path(empty) → []
null @ path(.[1:3]) → [[{"start":1,"end":3}]]
null @ path(.[1:3][0]) → [[{"start":1,"end":3},0]]
null @ path(.["a","b"]) → [["a"],["b"]]
null @ path(.[1,2]) → [[1],[2]]
null @ path(.a | tojson) ✗ Invalid path expression with result "null"
null @ path(last(.a,.b)) → [[]]
null @ path(nth(1;.a,.b)) → [["b"]]
null @ path(until(true;.a)) → [[]]
null @ path(.a | if . then empty else .b end) → [["a","b"]]
null @ path(.a|debug) → [["a"]]
null @ 1 as $x | path($x) ✗ Invalid path expression with result 1
null @ null as $x | path($x) → [[]]
null @ path(.a|not) ✗ Invalid path expression with result true
null @ path(.a and .b) ✗ Invalid path expression with result false
null @ path(skip(1;.a,.b)) → [["b"]]
null @ path(paths) → []
null @ path(.a|map(.)) ✗ Cannot iterate over null (null)
null @ path(to_entries) ✗ null (null) has no keys
null @ path(first) → [[0]]
null @ path(last) → [[-1]]
null @ path(.a|first|last) → [["a",0,-1]]
null @ path(recurse(.a?;. != null)) → [[]]
null @ [path(while(.<3;.+1))] ✗ Invalid path expression with result 1
null @ path(.a|values) → []
null @ path(.a|arrays) → []
null @ path(.a|scalars) → [["a"]]
null @ path(getpath(1)) ✗ Path must be specified as an array
null @ path(add) ✗ Cannot iterate over null (null)
null @ path(any) ✗ Cannot iterate over null (null)
null @ path("a") ✗ Invalid path expression with result "a"
null @ path(-1) ✗ Invalid path expression with result -1
null @ path({}) ✗ Invalid path expression with result {}
null @ path([]) ✗ Invalid path expression with result []
null @ path(.a.b|.|.) → [["a","b"]]
null @ path(select(.a|not)|.b) → [["b"]]
null @ path(select(false)),1 → [1]
null @ path(isempty(.a)) ✗ Invalid path expression with result false
null @ path(in({})) ✗ Cannot check whether object has a null key
[1,[2,[3]]] @ path(..) → [[],[0],[1],[1,0],[1,1],[1,1,0]]
[1,[2,[3]]] @ [..]|length → [6]
null @ [1,[2]]|getpath([1,0]),getpath([5,0]),try getpath(["a"]) catch . → [2,null,"Cannot index array with string (\"a\")"]
null @ {"a":1}|to_entries,tostream,paths → [[{"key":"a","value":1}],[["a"],1],[["a"]],["a"]]
null @ [1,{"a":[]}]|[tostream] → [[[[0],1],[[1,"a"],[]],[[1,"a"]],[[1]]]]
null @ {}|[tostream] → [[[[],{}]]]
null @ fromstream(1|truncate_stream([[0],1],[[1,0],2],[[1,0]],[[1]])) → [[2]]
null @ [fromstream([[0],1],[[1],2],[[1]])] → [[[1,2]]]
null @ try getpath("a") catch . → ["Path must be specified as an array"]
null @ {"a":[1,2,{"b":3}]}|[paths(type=="number")],[getpath(paths)] → [[["a",0],["a",1],["a",2,"b"]],[[1,2,{"b":3}],1,2,{"b":3},3]]
1 @ [..?] → [[1]]
{"a":"x"} @ path(.a.b?), path(.a[0]?) → []
{"a":{"b":1}} @ [path(foreach ("a","b") as $k (.; .[$k]))] ✗ Invalid path expression near attempt to access element "b" of {"b":1}
{"a":{"b":1}} @ path(last(.a,.b)) ✗ Invalid path expression with result null
{"a":1} @ [path(first(.a,.b),limit(1;.a),until(true;.a))] → [[["a"],["a"],[]]]
`,
);
