/** What passes values on: conditions, errors, limits, and ways around that change nothing. See rules.ts for the format. */
export const controlRules = String.raw`
T < any : if «bool» then «T» else «T» end
T < any : if «bool» then «T» elif «bool» then «T» else «T» end
T < any : if «any» then «T» else «T» end
S < any : if «bool» then «S» end
T < any : ‹T› // ‹T›
T < any : empty // ‹T›
T < any : error(«any») // ‹T›
T < any : (‹T›, null, false) // ‹T›
T < any : try «T» catch «T»
T < any : try error(«T») catch .
T < any : try error catch «T»
T < any : ‹T›?
T < any : (‹T› | error)? // «T»
T < any : try error({a: «T»}) catch .a
T < any : first(«T»)
T < any : first(«T», error("x"))
T < any : last(«T»)
T < any : last(«T», «T»)
T < any : nth(«small»; «T», «T», «T»)
T < any : limit(«small»; «T», «T»)
T < any : [limit(3; repeat(«T»))] | last
T < any : skip(«small»; «T», «T», «T»)
T < any : [«T», «T»][«small»]
T < any : [«T»] | .[0]
T < any : [«T»] | add
T < any : [«T»][]
T < any : [«T»] | first, last
T < any : {a: «T»}.a
T < any : {"a": «T», b: «any»} | .a
T < any : {(«str»): «T»}[]
T < any : «T» | select(«bool@T»)
T < any : «T» | .
T < any : «T» | debug
T < any : «T» | debug(«any@T»)
T < any : «any» | «T@any»
T < any : «obj» | «T@obj»
T < any : «nums» | «T@nums»
T < any : «str» | «T@str»
T < any : «num» | «T@num»
T < any : «T», «T»
T < any : «T» | tojson | fromjson
T < any : fromstream(«T» | tostream)
T < any : [«T» | tostream] | fromstream(.[])
T < any : «T» | walk(.)
T < any : until(true; «S») | «T»
T < any : label $out | ‹T› | (., break $out)
T < any : [label $f | range(5) | if . > «small» then ., break $f else . end] | «T@nums»
T < any : reduce «any» as $v (null; «T@any»)
T < any : reduce («T», «T») as $v («T»; $v)
T < any : foreach («T», «T») as $v (null; $v)
T < any : foreach («any», «any») as [$p, $q] («T»; .; .)
T < any : «T» as [$p] | «T»
T < any : [«T», «any»] as [$p, $q] | $p
T < any : {a: «T», b: [«any»]} as {a: $p, b: [$q]} | $p
T < any : {a: «T»} as {$a} | $a
T < any : {a: {b: «T»}} as {$a: {b: $p}} | $p
T < any : [«any», «T»] as {a: $p} ?// [$q, $p] | $p
T < any : «T» as [[$p]] ?// [$p] ?// $p | $p
T < any : [[«T»]] | .[] as [$p] ?// $p | if ($p | type) == "null" then error("x") else $p end
T < any : {"k": "a", "a": «T»} as {"k": $k, ("k", "a"): $p} | $p, $k
T < any : [«T», «T»] as [$p, $q] | $p, $q
T < any : def f: «T»; f
T < any : def f: «T@T»; «T» | f
T < any : def f(g): g | g; ‹S› | f(«S») | «T»
T < any : def f($x): $x; f(«T», «T»)
T < any : def f($x; y): y | ., $x; f(«T»; «T»)
T < any : def f(x): x as $x | $x; f(«T»)
T < any : def f: def g: «T»; g, g; f
T < any : def f(g): def h: g; [h, h] | .[1]; f(«T»)
T < any : def f($a; $b): if $a then $b else b end; f(«bool»; «T»)
T < any : def f(n): if n > 0 then f(n - 1) else «T» end; f(2)
T < any : def first(f): f; first(«T»)
T < any : def map(f): [f]; map(«T») | .[0]
T < any : «T» | getpath([])
T < any : [«T»] | getpath([0])
T < any : [paths] | length as $n | «T»
T < any : «T» | recurse(empty)
T < any : [recurse(if . then null else empty end)] | «T@any»
T < any : «T» as $x | 1 as $y | [$x, $y] | .[0]
T < any : "\(«any»)" as $s | «T»
T < any : # a remark \ or two ␤ «T» # and more
T < any : add(«T»)
T < any : «any» as $v | «any» as $w | «T»
S < any : .
S < any : . | .
S < any : ..
S < any : first(..)
S < any : recurse(empty)
S < any : select(«bool»)
S < any : values
bool < any : isempty(«any»)
bool < any : isempty(empty)
bool < any : isempty(error("x"), 1)?
bool < any : isempty(1, error("x"))
bool < any : ‹bool› and ‹bool›
bool < any : ‹bool› or ‹bool›
bool < any : ‹any› and ‹any›
bool < any : ‹any› or ‹any›
bool < any : (true, false) and («bool», true)
bool < any : (true, false) or (false, «bool»)
bool < any : false and error("x")
bool < any : true or error("x")
bool < any : «any» | not
bool < any : not
bool < any : ‹num› == ‹num›
bool < any : ‹num› < ‹num›
bool < any : ‹num› >= ‹num›
bool < any : ‹str› < ‹str›
bool < any : ‹str› != ‹str›
bool < any : ‹any› == ‹any›
bool < any : ‹any› < ‹any›
bool < any : ‹any› <= ‹any›
bool < any : ‹any› > ‹any›
bool < any : ‹arr› <= ‹arr›
bool < any : ‹obj› < ‹obj›
bool < any : type == "«type»"
str < any : type
null < any : .a? // null
null < any : empty
any < any : error(«any»)
any < any : error(null)
any < any : «any» | error
any < any : error
any < any : [.[]?]
any < any : .[]?
any < any : .a?
any < any : .[0]?
any < any : .[1:]?
any < any : .["a", 0]?
any < any : try .a.b catch .
any < any : try (.[0] | .a) catch .
`;
