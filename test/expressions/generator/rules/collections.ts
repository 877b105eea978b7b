/** Arrays and objects. See rules.ts for the format. */
export const collectionRules = String.raw`
nums < any : [«num», «num»]
nums < any : [«num»]
nums < any : [range(«small»)]
nums < any : [limit(5; «num», «num»)]
nums < nums : map(«num@num»)
nums < nums : map(. + 1)
nums < nums : map(select(«bool@num»))
nums < nums : [.[] | «num@num»]
nums < nums : sort
nums < nums : sort_by(«num@num»)
nums < nums : sort_by(-.)
nums < nums : unique
nums < nums : unique_by(«num@num»)
nums < nums : reverse
nums < nums : . + ‹nums›
nums < nums : . - ‹nums›
nums < nums : [first, last]
nums < nums : [limit(2; .[])]
nums < nums : flatten
nums < nums : [.[] | numbers]
nums < nums : indices(«num»)
nums < nums : indices(«nums»)
nums < nums : .[«nums»]
nums < nums : keys
nums < nums : [foreach .[] as $x (0; . + $x; [$x, .])] | map(.[1])
nums < nums : [.[1:], .[:1]] | add
nums < any : [.[]? | numbers]
nums < any : [.. | numbers]
nums < any : [[1, 2], [3]] | .[0]
nums < any : [while(false; .)] | length | [.]
nums < objs : map(.a)
nums < objs : map(.a // 0)
nums < objs : [.[].a]
nums < objs : [.[] | .a, .d.a]
arr < nums : group_by(«num@num»)
arr < nums : group_by(. % 2)
arr < nums : [combinations(2)] | .[:5]
arr < any : [[«num», «num»], [«str»]] | [combinations]
arr < any : [[«num», «num»], [«any»]] | transpose
arr < any : [«any», [«any», [«any»]]] | flatten
arr < any : [«any», [«any», [«any»]]] | flatten(«small»)
arr < any : [«any», «any»]
arr < any : [«any», «any», «any»] | sort
arr < any : [«any», «any», «any»] | unique
arr < any : [«any», «any», «any»] | group_by(type)
arr < any : [.[]?]
arr < any : [..]
arr < any : [«any»] | map(«any@any»)
arr < any : [«obj», «obj»] | sort_by(.a, .b)
arr < any : [«any» | recurse]
arr < any : [«any» | recurse(.[]?; . != null)]
arr < arr : map(«any@any»)
arr < arr : sort
arr < arr : sort_by(type)
arr < arr : sort_by(tostring, length?)
arr < arr : unique
arr < arr : unique_by(type)
arr < arr : group_by(type)
arr < arr : reverse
arr < arr : flatten
arr < arr : . + ‹arr›
arr < arr : . - ‹arr›
arr < arr : .[«small»:«small»]
arr < arr : [limit(«small»; .[])]
arr < arr : [skip(«small»; .[])]
arr < arr : [.[] | values, nulls, scalars]
arr < arr : [.[] | iterables, arrays, objects, booleans]
arr < arr : map(try error(.) catch .)
arr < arr : map(.. | numbers)
arr < objs : map(.b)
arr < objs : group_by(.a)
arr < objs : [group_by(.b)[] | length]
arr < objs : [JOIN({"1": "x"}; .a | tostring)]
arr < objs : [JOIN({a: 1}; .[]; .b | tostring)]
arr < objs : [JOIN({a: 1}; .[]; .b | tostring; length)]
arr < obj : to_entries
arr < obj : [.[]]
arr < obj : [.[] | numbers, strings]
arr < obj : map(«any@any»)
arr < obj : [to_entries[] | [.key, .value]]
entries < obj : to_entries
entries < obj : [to_entries[] | select(«bool@any»)]
obj < entries : from_entries
obj < entries : map({key, value}) | from_entries
objs < any : [«obj», «obj»]
objs < any : [«obj»]
objs < any : [.. | objects]
objs < objs : map(«obj@obj»)
objs < objs : map(select(«bool@obj»))
objs < objs : sort_by(.a)
objs < objs : sort_by(.a, .b)
objs < objs : sort_by(.d)
objs < objs : unique_by(.a)
objs < objs : reverse
objs < objs : . + ‹objs›
objs < objs : map(del(«path-any@obj»))
objs < objs : sort
obj < objs : .[0]
obj < objs : first
obj < objs : add
obj < objs : min_by(.a)
obj < objs : max_by(.a)
obj < objs : max_by(.b, .a)
obj < objs : INDEX(.b)
obj < objs : INDEX(.[]; .b | tostring)
obj < objs : reduce .[] as $o ({}; . * $o)
obj < objs : map({(.b // "z"): .a}) | add
obj < obj : . + ‹obj›
obj < any : ‹obj› * ‹obj›
obj < any : ‹obj› + ‹obj›
obj < any : {a: «num», b: «str»}
obj < any : {"a": ‹num›, "c": «nums»}
obj < any : {a: (1, 2), b: («str», "z")}
obj < any : {("a", "b"): «any»}
obj < any : {(«str»): «any»}
obj < any : {"x\(«small»)": «any»}
obj < any : {a: 1, a: «num»}
obj < any : {a: «num» | ., b: 2}
obj < any : {d: {a: «num»}, h: [«obj»]}
obj < any : {"@base": 1, @base64 "x": «any»}
obj < any : {if: «num», then: 1, and: 2}
obj < any : {__proto__: «num», constructor: {a: «num»}}
obj < obj : {a, b, "c"}
obj < obj : {a, "x y", "\("b")"}
obj < obj : {a: .a, d: .d}
obj < obj : {a, (.b // "q"): 1}
obj < obj : to_entries | from_entries
obj < obj : with_entries(.)
obj < obj : del(.a, .b)
obj < obj : {d: .}
bool < obj : has("a", "b")
bool < obj : has(«str»)
bool < nums : has(«small»)
bool < str : in({"a": 1, "b": 2})
bool < num : in([1, 2])
bool < obj : contains({a: «num»})
bool < obj : contains({b: «str»})
bool < obj : inside(«obj»)
bool < obj : . == «obj»
bool < obj : any
bool < nums : contains([«num»])
bool < nums : inside(«nums»)
bool < nums : any(. > «num»)
bool < nums : all(. > «num»)
bool < nums : any(.[]; «bool@num»)
bool < nums : all(.[]; «bool@num»)
bool < arr : any
bool < arr : all
bool < arr : any(«bool@any»)
bool < arr : all(«any@any»)
bool < any : any(true, error("x"); .)
bool < any : all(false, error("x"); .)
bool < any : IN(«any», «any»)
bool < any : IN(«any»; «any», «any»)
bool < nums : IN(.[]; «num»)
num < arr : length
any < arr : first, last
any < arr : min
any < arr : max
any < arr : min_by(tostring)
any < arr : max_by(type)
any < arr : add
any < arr : .[0]
any < arr : .[]
any < arr : add(.[] | numbers)
any < arr : [limit(3; .[])] | add?
any < arr : to_entries?
any < arr : getpath([0, "a"])?
any < obj : .[]
any < obj : add?
any < obj : add(.[] | numbers)
any < obj : .a, .b
any < obj : .[«str»]
any < obj : .d.a
any < obj : .d?.d?.a
any < obj : .c[0], .e[-1]
any < obj : .a as $x | .d | ., $x
any < obj : . as {a: $p, $d} | [$p, $d]
any < obj : . as {$a, b: $p, $c: [$q]} | [$a, $p, $c, $q]
any < obj : .["a", "d"]
any < obj : [.[] as [$p] ?// $p | $p]
any < obj : .h[]?.a
any < obj : [.h[]? | .a, .b]
any < nums : .[«num»]
any < nums : . as [$p, $q] | $p, $q
any < any : «num», «str»
any < any : [«any»] | first
`;
