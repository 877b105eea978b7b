import { checkCases } from './check.ts';

checkCases(
  'mathematics',
  String.raw`
null @ [pow(2,3; 1,2)] → [[2,3,4,9]]
null @ [infinite,nan,-infinite,-0]|tojson → ["[1.7976931348623157e+308,null,-1.7976931348623157e+308,0]"]
[1,2,3] @ .[null:1], .[1:null], .[1.5:2.5], .[-2:], .[:-1], .["a"]?, .[1.7], .[nan], .[[2]] → [[1],[2,3],[2,3],[2,3],[1,2],2,null,[1]]
"héllo😀x" @ .[1:6], length, utf8bytelength, indices("x"), explode → ["éllo😀",7,11,[6],[104,233,108,108,111,128512,120]]
null @ 5 % -2, -5 % 3, 5.9 % 2.1, 1e19 % 7, (nan % 1), (5 % infinite), (-5 % infinite) → [1,-2,1,0,null,5,-5]
null @ [nan,1,nan]|sort → [[null,null,1]]
null @ nan < nan, nan == nan, (nan > 1), ([nan]==[nan]) → [true,false,false,false]
null @ "[1,nan]"|fromjson → [[1,null]]
null @ [1.5, -1.5, 2.5] | map(floor, ceil, round, sqrt, fabs, trunc, abs) → [[1,2,2,1.224744871391589,1.5,1,1.5,-2,-1,-2,null,1.5,-1,1.5,2,3,3,1.5811388300841898,2.5,2,2.5]]
null @ [-0, 0, null]|map(try abs catch .) → [[0,0,"null (null) cannot be negated"]]
null @ "a"|abs → ["a"]
null @ [10|atan2(.;3), pow(.;2), fma(.;2;1), fmin(.;3), fmod(.;3), hypot(.;3), copysign(.;-1), nextafter(.;11)] → [[1.2793395323170296,100,21,3,1,10.44030650891055,-10,10.000000000000002]]
null @ "a"|pow(.;2) ✗ string ("a") number required
null @ "a"|sqrt ✗ string ("a") number required
null @ "a" * nan → [null]
null @ {"a":nan}|tojson, .a, (.a|isnan) → ["{\"a\":null}",null,true]
null @ [nan]|sort, min, max, unique → [[null],null,null,[null]]
null @ infinite|isinfinite, isnan, isnormal → [true,false,false]
null @ 1|isnormal,isnan → [true,false]
null @ null|not, length, type, tostring, tojson, add?, (try keys catch .), (try explode catch .) → [true,0,"null","null","null","null (null) has no keys","explode input must be a string"]
null @ {}|try explode catch . → ["explode input must be a string"]
null @ [1.1,2.9,-1.1]|map(floor),map(ceil),map(round),map(trunc),map(rint),map(nearbyint) → [[1,2,-2],[2,3,-1],[1,3,-1],[1,2,-1],[1,3,-1],[1,3,-1]]
null @ [pow(2;10),pow(2;0.5),pow(-8;1/3),log,atan2(1;2)]? → []
null @ [1,10,100]|map(logb,significand,frexp) → [[0,1,[0.5,1],3,1.25,[0.625,4],6,1.5625,[0.78125,7]]]
null @ [nan,infinite,-infinite,0,1]|map(isinfinite),map(isnan),map(isnormal),map(isfinite),map(finites),map(normals) → [[false,true,true,false,false],[true,false,false,false,false],[false,false,false,false,true],[true,false,false,true,true],[null,0,1],[1]]
null @ null|try floor catch . → ["null (null) number required"]
null @ "a"|try pow(.;1) catch . → ["string (\"a\") number required"]
null @ "-nan"|try fromjson catch . → [null]
`,
);
