/** Paths, and what is done with them. See rules.ts for the format. */
export const pathRules = String.raw`
path-num < nums : .[«small»]
path-num < nums : .[0]
path-num < nums : .[-1]
path-num < nums : .[]
path-num < nums : first
path-num < nums : last
path-num < nums : nth(«small»)
path-num < nums : .[1:][0]
path-num < nums : first(.[])
path-num < nums : .[] | select(. > «num»)
path-str < strs : .[0]
path-str < strs : .[]
path-str < strs : last
path-obj < objs : .[]
path-obj < objs : .[0]
path-obj < objs : first
path-nums < nums : .[1:]
path-nums < nums : .[:«small»]
path-nums < nums : .[«small»:]
path-nums < nums : .[-2:]
path-nums < nums : .[«small»:«small»]
path-nums < nums : .[:-1][:2]
path-nums < nums : .[null:2]
path-nums < nums : .[0.5:2.5]
path-strs < strs : .[1:]
path-strs < strs : .[:-1]
path-objs < objs : .[:1]
path-any < arr : .[«small»]
path-any < arr : .[]
path-any < arr : .[]?
path-any < arr : ..
path-any < arr : last
path-any < arr : .[1:]
path-any < obj : .[]
path-any < obj : .[]?
path-any < obj : ..
path-any < obj : .["a", "b"]
path-any < obj : .[«str»]
path-any < obj : .. | scalars
path-any < obj : paths as $p | getpath($p)
path-any < obj : recurse
path-any < obj : recurse(.[]?; true)
path-any < any : ..
path-any < any : .. | numbers
path-any < any : .. | select(type == "«type»")
path-any < any : getpath(«keys»)
path-any < any : getpath(«keys»)?
path-any < any : recurse(if type == "array" then .[] else empty end)
path-any < any : .a?
path-any < any : .[0]?
path-any < any : .[1:]?
path-any < any : .[]?
path-any < null : .a
path-any < null : .a.b
path-any < null : .[1]
path-any < null : .a[2:3]
path-any < null : .c[1].d
path-any < num : .
path-any < str : .
path-T < any : ‹path-T›?
path-T < any : first(«path-T»)
path-T < any : last(«path-T»)
path-T < any : limit(1; «path-T»)
path-T < any : skip(«small»; «path-T», «path-T»)
path-T < any : «path-T», «path-T»
path-T < any : «path-T» | select(«bool@T»)
path-T < any : if «bool» then «path-T» else «path-T» end
path-T < any : ‹path-T› // ‹path-T›
path-T < any : empty // ‹path-T›
path-T < any : try «path-T» catch .
path-T < any : try error("x") catch «path-T@str»
path-T < any : «any» as $v | «path-T»
path-T < any : «path-T» | .
path-T < any : def f: «path-T»; f
path-T < any : def f(g): g; f(«path-T»)
path-T < any : label $out | «path-T», break $out
path-T < any : reduce «any» as $v (.; .) | «path-T»
path-T < any : «path-obj» | «path-T@obj»
path-T < any : «path-objs» | .[0] | «path-T@obj»
path-T < any : foreach 1 as $v (.; .; «path-T@S»)
path-T < any : getpath(path(«path-T»))
path-T < any : path(«path-T») as $p | getpath($p)
path-T < any : error("x")? // «path-T»
path-T < any : empty
T < any : «path-T»
keys < any : path(«path-any»)
keys < any : path(«path-num»)
keys < any : path(«path-str»)
arr < any : [path(«path-any»)]
arr < any : [path(..)]
arr < any : [paths]
arr < any : [paths(type == "«type»")]
arr < any : [paths(«bool@any»)]
arr < any : [tostream]
arr < any : [.[]?, tostream]
arr < any : [1 | truncate_stream(«any» | tostream)]
arr < obj : [1 | truncate_stream([[0], 1], [["a", "b"], 2], [["a", "b"]])]
arr < any : [getpath(«keys», «keys»)?]
any < any : fromstream(1 | truncate_stream([[0], 1], [[1, 0], 2], [[1, 0]], [[1]]))
any < any : [path(«any»)?]
any < any : try path(«any») catch «any»
any < any : getpath(«keys»)
S < obj nums strs objs : ‹path-num› |= «num@num»
S < obj nums strs objs : ‹path-str› |= «str@str»
S < obj nums strs objs : ‹path-num› = «num»
S < obj nums strs objs : ‹path-num› += «num»
S < obj nums strs objs : ‹path-num› -= «num»
S < obj nums strs objs : ‹path-num› *= «num»
S < obj nums strs objs : ‹path-num› /= «num»
S < obj nums strs objs : ‹path-num› %= «num»
S < obj nums strs objs : ‹path-num› //= «num»
S < obj nums strs objs : ‹path-any› //= «any»
S < obj nums strs objs : ‹path-str› += «str»
S < obj nums strs objs : ‹path-any› = «any»
S < obj nums strs objs : ‹path-any› |= «any@any»
S < obj nums strs objs : ‹path-nums› |= «nums@nums»
S < obj nums strs objs : ‹path-nums› = «nums»
S < obj nums strs objs : ‹path-nums› += «nums»
S < obj nums strs objs : ‹path-obj› |= «obj@obj»
S < obj nums strs objs : ‹path-obj› *= «obj»
S < obj nums strs objs : ‹path-any› |= empty
S < obj nums strs objs : ‹path-any› |= («any@any», «any@any»)
S < obj nums strs objs : ‹path-num› = («num», «num»)
S < obj nums strs objs : (‹path-num›, ‹path-num›) = «num»
S < any : .. |= «any@any»
S < any : .. |= .
S < any : ‹path-any› |= .
S < any : getpath(«keys») |= «any@any»
S < any : setpath(«keys»; «any»)
S < any : try setpath(«keys»; «any») catch .
S < any : delpaths([«keys», «keys»])
S < any : try delpaths([«keys»]) catch .
S < any : delpaths([paths(«bool@any»)])
S < obj nums strs objs : del(«path-any»)
S < obj nums strs objs : del(«path-num»)
S < obj nums strs objs : del(«path-any», «path-any»)
S < obj nums strs objs : del(«path-nums»)
S < nums : del(.[0, 2, -1])
S < nums : del(.[1:3], .[0])
S < nums : to_entries
S < nums : del(.[] | select(«bool@num»))
S < nums : (.[] | select(. > «num»)) |= empty
S < nums : .[«small»:«small»] = «nums»
S < nums : .[2] = «num»
S < nums : .[-1] += «num»
obj < obj : pick(«path-any»)
obj < obj : pick(.a, .d.b)
nums < nums : pick(.[1])
any < null : pick(«path-any»)
any < null : ‹path-any› = «any»
any < null : ‹path-any› |= «any@any»
any < any : try (‹path-any› = «any») catch .
any < any : try (‹any› |= «any@any») catch 0
any < any : del(«any»)?
any < any : walk(if type == "number" then «num@num» else . end)
any < any : walk(if type == "«type»" then «any@any» else . end)
any < any : [walk(numbers, «any@any»)] | first
obj < obj : map_values(«any@any»)
obj < obj : map_values(empty)
obj < obj : map_values(numbers)
nums < nums : map_values(«num@num»)
obj < obj : with_entries(.value |= «any@any»)
obj < obj : with_entries(.key |= ascii_upcase)
obj < obj : with_entries(select(«bool@any»))
`;
