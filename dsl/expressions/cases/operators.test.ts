import { checkCases } from './check.ts';

checkCases(
  'operators',
  String.raw`
null @ {a: 1 + 2} → [{"a":3}]
null @ {a: 1 // 2} → [{"a":1}]
null @ {a: 1 and 2} → [{"a":true}]
null @ {a: -1} → [{"a":-1}]
null @ - 1 * 2 → [-2]
null @ 1 // 2 // 3 → [1]
[false,1] @ .[] // 5 → [1]
null @ [(1,null,2) // 3] → [[1,2]]
null @ [empty // 3] → [[3]]
null @ 1,2|.+1 → [2,3]
null @ [.a.b.c // 3] → [[3]]
null @ [.[] // 3] ✗ Cannot iterate over null (null)
null @ [.[]? // 3] → [[3]]
null @ [(1|.a) // 3] ✗ Cannot index number with string ("a")
null @ -(1,2) → [-1,-2]
null @ -"a" ✗ string ("a") cannot be negated
null @ [-.a] ✗ null (null) cannot be negated
null @ [(true,false) and (true,false)] → [[true,false,false]]
null @ [(true,false) or (true,false)] → [[true,true,false]]
null @ [(1,2) + (10,20)] → [[11,12,21,22]]
null @ null + 1 → [1]
null @ {} + null → [{}]
null @ [1,2,1] - [1] → [[2]]
null @ {a:{b:1}} * {a:{c:2}} → [{"a":{"b":1,"c":2}}]
null @ "a,b"/"," → [["a","b"]]
null @ 4 / 0 ✗ number (4) and number (0) cannot be divided because the divisor is zero
null @ 5 % 0 ✗ number (5) and number (0) cannot be divided (remainder) because the divisor is zero
null @ "abc" * 3 → ["abcabcabc"]
null @ 3 * "abc" → ["abcabcabc"]
null @ {} * 2 ✗ object ({}) and number (2) cannot be multiplied
null @ [] / 2 ✗ array ([]) and number (2) cannot be divided
null @ null / 1 ✗ null (null) and number (1) cannot be divided
null @ "a" - 1 ✗ string ("a") and number (1) cannot be subtracted
null @ [1,2] | first, last, nth(1), nth(-1) → [1,2,2,2]
null @ nth(-1; 1,2) ✗ nth doesn't support negative indices
null @ [skip(1; 1,2,3)], [skip(-1;1)] ✗ skip doesn't support negative count
null @ -5|length → [5]
null @ significand ✗ null (null) number required
null @ ["\(1,2)-\(3,4)"] → [["1-3","2-3","1-4","2-4"]]
null @ {a:"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}|.+1 ✗ object ({"a":"aaaaaaaaaaaaaaaaaaa...}) and number (1) cannot be added
{"a":1,"b":2} @ . * {"a":{"c":1}} + {"z":0} → [{"a":{"c":1},"b":2,"z":0}]
{"items":[{"n":1},{"n":3}]} @ {x: .items | map(select(.n > 2))} → [{"x":[{"n":3}]}]
null @ [.[]?,1|select(.>0)] → [[1]]
null @ "a" * 0 → [""]
null @ "a" * null ✗ string ("a") and null (null) cannot be multiplied
null @ [] * 2 ✗ array ([]) and number (2) cannot be multiplied
null @ {} + [] ✗ object ({}) and array ([]) cannot be added
null @ [1]+null → [[1]]
null @ 1 + "a" ✗ number (1) and string ("a") cannot be added
null @ [1] - "a" ✗ array ([1]) and string ("a") cannot be subtracted
null @ {}-{} ✗ object ({}) and object ({}) cannot be subtracted
null @ null - null ✗ null (null) and null (null) cannot be subtracted
null @ null * null ✗ null (null) and null (null) cannot be multiplied
null @ "a,b" / "" → [["a",",","b"]]
null @ "" / "," → [[]]
null @ ""/"" → [[]]
null @ {"a":{"b":1}}*{"a":{"b":{"c":2}}} → [{"a":{"b":{"c":2}}}]
null @ {"a":1}*{"a":{"b":2}} → [{"a":{"b":2}}]
null @ [1,2]|.[1.2], .[-1], .["x"]?, .[null:] → [2,2,[1,2]]
null @ 0|isnormal → [false]
null @ "\u0041\n\t\"\\\/" → ["A\n\t\"\\/"]
null @ .a//.b//"c" → ["c"]
null @ [false,null]|.[]//"d" → ["d"]
null @ (false,null,1)//42 → [1]
null @ (false,null)//(1,2) → [1,2]
null @ [-0] → [[0]]
null @ -0 → [0]
null @ [0*-1] → [[0]]
null @ {"a":-0} → [{"a":0}]
`,
);
