/** Numbers. See rules.ts for the format. */
export const numberRules = String.raw`
num < any : ‹num› + ‹num›
num < any : ‹num› - ‹num›
num < any : ‹num› * ‹num›
num < any : ‹num› / ‹num›
num < any : ‹num› % ‹num›
num < any : -‹num›
num < any : -(‹num›, ‹num›)
num < any : (‹num›, ‹num›) + (‹num›, ‹num›)
num < any : (‹num›, ‹num›) * (‹num›, ‹num›)
num < num : . + ‹num›
num < num : . * 2 - 1
num < num : . - ‹num› / 2
num < num : -.
num < num : floor
num < num : ceil
num < num : round
num < num : trunc
num < num : rint
num < num : nearbyint
num < num : fabs
num < num : abs
num < num : sqrt
num < num : significand
num < num : logb
num < num : gamma
num < num : lgamma
num < num : tgamma
num < num : exp10
num < num : exp2
num < num : exp
num < num : expm1
num < num : log
num < num : log2
num < num : log10
num < num : log1p
num < num : cbrt
num < num : sin
num < num : cos
num < num : tan
num < num : asin
num < num : acos
num < num : atan
num < num : sinh
num < num : cosh
num < num : tanh
num < num : asinh
num < num : acosh
num < num : atanh
num < num : erf
num < num : erfc
num < num : j0
num < num : j1
num < num : y0
num < num : y1
num < num : frexp[0]
nums < num : frexp
nums < num : modf
nums < num : lgamma_r
num < num : abs | floor
num < any : pow(«num»; «small»)
num < any : pow(«small»; 2, 3)
num < any : atan2(«num»; «num»)
num < any : copysign(«num»; «num»)
num < any : fmin(«num»; «num»)
num < any : fmax(«num»; «num»)
num < any : fdim(«num»; «num»)
num < any : fmod(«num»; «num»)
num < any : fma(«num»; «num»; «num»)
num < any : ldexp(«num»; «small»)
num < any : scalb(«num»; «small»)
num < any : scalbln(«num»; «small»)
num < any : hypot(«num»; «num»)
num < any : drem(«num»; «num»)
num < any : remainder(«num»; «num»)
num < any : nextafter(«num»; «num»)
num < any : nexttoward(«num»; «num»)
num < any : jn(«small»; «num»)
num < any : yn(«small»; «num»)
num < any : nan
num < any : infinite
num < any : -infinite
num < any : length
num < str arr obj null num : length
num < str : utf8bytelength
num < str : tonumber?
num < str : try tonumber catch 0
num < str : index(«str»)
num < str : rindex(«str»)
num < num : tonumber
num < any : range(«small»)
num < any : range(«small»; «small»)
num < any : range(«small»; 10; 3)
num < any : range(«small»; «small»; 1, 2)
num < any : range(0; 1; 0.3)
num < any : [range(«small»; -5; -2)] | length
num < any : reduce range(«small») as $i («num»; . + $i)
num < any : reduce .[]? as $v (0; . + 1)
num < nums : reduce .[] as $v («num»; . + $v)
num < nums : reduce .[] as $v (0; ., 1)
num < nums : reduce .[] as $v (0; empty)
num < nums : foreach .[] as $v (0; . + $v)
num < nums : foreach .[] as $v (0; . + $v; ., -1)
num < nums : foreach .[] as $v (0; if $v > 1 then empty else . + $v end)
num < any : foreach range(«small») as $i («num»; . + $i; select(. > 1))
num < any : foreach («num», «num») as $v («num», «num»; . + $v)
num < any : 0 | until(. > «small»; . + 1)
num < any : 1 | while(. < 20; . * 2)
num < any : [1 | limit(4; recurse(. * 2))] | last
num < any : 0 | [recurse(if . < 3 then . + 1 else empty end)] | length
num < any : def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; ‹small› | fac
num < any : def fib: if . < 2 then . else (. - 1 | fib) + (. - 2 | fib) end; 6 | fib
num < any : def f($n): if $n <= 0 then 0 else 1 + f($n - 1) end; f(«small»)
num < nums : add
num < nums : min
num < nums : max
num < nums : add / length
num < nums : bsearch(«num»)
num < nums : index(«num»)
num < nums : .[0]
num < nums : .[nan]
num < nums : .[1.7]
num < any : ‹strs› | length
num < obj : length
num < obj : keys | length
num < nums : first, last
num < any : infinite, -infinite, nan | select(. < «num»)
num < any : [limit(3; range(10))] | add
num < any : [range(10)] | .[«small»:«small»] | add
small < any : «strs» | length
small < any : ‹small› + 1
small < any : 1, 2
bool < num : isnan
bool < num : isinfinite
bool < num : isnormal
bool < num : . > «num»
bool < num : . == «num»
bool < num : . % 2 == 0
bool < num : isfinite
bool < any : nan < nan
bool < any : [nan] == [nan]
bool < any : [nan] < [«num»]
bool < any : have_literal_numbers
bool < any : «num» | finites | isnan
num < num : finites
num < num : normals
`;
