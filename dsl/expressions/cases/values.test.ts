import { checkCases } from './check.ts';

checkCases(
  'values',
  String.raw`
null @ {a: 1 | 2, b: 3} → [{"a":2,"b":3}]
null @ {a: 1 == 1} → [{"a":true}]
null @ {$__loc__} → [{"__loc__":{"file":"<top-level>","line":1}}]
null @ {"a":1} | {a: .a.b?} → []
null @ [.[]?] → [[]]
"abc" @ .[1:2] → ["b"]
null @ . "a" → [null]
null @ .[]."a" ✗ Cannot iterate over null (null)
null @ ."a"."b" → [null]
null @ ."a"["b"] → [null]
null @ {("a","b"):(1,2)} → [{"a":1},{"a":2},{"b":1},{"b":2}]
null @ {a:(1,2),b:(3,4)} → [{"a":1,"b":3},{"a":1,"b":4},{"a":2,"b":3},{"a":2,"b":4}]
null @ {"a b"} → [{"a b":null}]
null @ [.,1]|.[1:]|.[0] → [1]
null @ [1,2][0] → [1]
null @ {a:1}.a → [1]
null @ "abc".a? → []
null @ "a"[0:1] → ["a"]
null @ [1] | .[0]? → [1]
null @ .[]?.a → []
null @ .["a"]? → [null]
null @ .a[]? → []
null @ .["a","b"] → [null,null]
null @ .[1,2]? → [null,null]
null @ .["a":] → [null]
null @ .[null:1] → [null]
null @ .a."b"?.c → [null]
null @ {a:1,} → [{"a":1}]
null @ [] | first, last → [null,null]
null @ [nth(1,0; 1,2,3)] → [[2,1]]
null @ [1] | in([1,2]) ✗ Cannot check whether array has a array key
null @ "a" | in({"a":1}) → [true]
null @ [[],{},null,true,1,"a"]|map(length?) → [[0,0,0,1,1]]
null @ true|length ✗ boolean (true) has no length
null @ {"a":1}|debug, debug("x"), debug(.a) → [{"a":1},{"a":1},{"a":1}]
null @ [1,2,1]|.[[1]] → [[0,2]]
null @ "ééééééééééééééééééééééééééééééééééééé"|.a ✗ Cannot index string with string ("a")
null @ "\(1)\(2)" → ["12"]
null @ null|.[0], .["a"], .[1:2], .[[0]]?, .[{}]? → [null,null,null,null]
null @ [[1,2],[1]]|.[[1]] → [[]]
null @ {}|.["a","b"]? → [null,null]
null @ {} | .a.b.c → [null]
null @ []|.[0].a → [null]
null @ [last(empty)] → [[]]
null @ nth(0) → [null]
null @ [1]|nth("a") ✗ Cannot index array with string ("a")
null @ [1,null]|map(values) → [[1]]
null @ true|toboolean → [true]
null @ "false"|toboolean → [false]
null @ $__loc__.line → [1]
null @ {"a":1}|."a",."b"?,.["a"] → [1,null,1]
[0] @ . → [[0]]
null @ [.a[].b?] ✗ Cannot iterate over null (null)
null @ [.a.b?] → [[null]]
"a" @ [.a.b?] ✗ Cannot index string with string ("a")
"a" @ [.a?.b] → [[]]
"a" @ [.[]?] → [[]]
1 @ [.a[]?] ✗ Cannot index number with string ("a")
1 @ [.[0]?.b?] → [[]]
[1] @ [.[].a?] → [[]]
[[1]] @ [.[].a?] → [[]]
[1,[2]] @ [.[][0]?] → [[2]]
1 @ [.[1:2]?] → [[]]
1 @ [(.a|.b)?] → [[]]
1 @ [.a??] → [[]]
{"a":"x"} @ [.a.b?.c], [.a["b"]?], [.a."b"?], [.a[0]?] → [[],[],[],[]]
null @ {a:1} | .["a"]? → [1]
[1,2,3] @ .[1:]? → [[2,3]]
`,
);
