/** Strings, formats and regular expressions. See rules.ts for the format. */
export const stringRules = String.raw`
str < any : tojson
str < any : tostring
str < any : «num» | tojson
str < any : «any» | tojson
str < any : «any» | tostring
str < any : "\(«any»)"
str < any : "a\(«num»)b\(«str»)"
str < any : "x\(«num», «num»)\("y", "z")"
str < any : "\("n\(«any»)")"
str < any : @text "v=\(«any»)"
str < any : @json "v=\(«any»)"
str < any : @html "v=\(«any»)"
str < any : @uri "v=\(«any»)"
str < any : @sh "v=\(«num», «str»)"
str < any : @csv "\([«num», «str», null, true])"
str < any : @tsv "\([«num», «str», null, true])"
str < any : @base64 "\(«str»)!"
str < any : @base64d "\(«str»)"
str < any : @base32 "\(«str»)"
str < any : @json
str < any : @text
str < any : @html
str < any : @uri
str < any : @base64
str < any : @base32
str < str : @sh
str < str : @urid
str < str : @base64d
str < str : @base64 | @base64d
str < str : @base32 | @base32d
str < str : @base32d
str < str : @uri | @urid
str < nums strs : @csv
str < nums strs : @tsv
str < nums strs : @sh
str < any : format("«format»")
str < any : «any» | format("text", "json")
str < str : . + ‹str›
str < any : ‹str› + ‹str›
str < any : ‹str› + null
str < any : ‹str› * ‹small›
str < any : ‹small› * ‹str›
str < str : .[1:]
str < str : .[:«small»]
str < str : .[«small»:«small»]
str < str : .[-2:]
str < str : ascii_downcase
str < str : ascii_upcase
str < str : trim
str < str : ltrim
str < str : rtrim
str < str : ltrimstr(«str»)
str < str : rtrimstr(«str»)
str < str : trimstr(«str»)
str < str : explode | implode
str < str : explode | reverse | implode
str < str : explode | map(. + 1) | implode
str < any : «nums» | implode
str < any : [«small», 65, 128512, 233] | implode
nums < str : explode
str < strs : join(«str»)
str < arr : join(",")?
str < arr : join("-", "+")
str < strs : add
str < strs : .[0]
str < strs : min
str < strs : max
str < obj : keys[0]
str < obj : keys_unsorted | first, last
str < obj : to_entries[].key
str < str : split(«str»)[0]
str < json : fromjson | type
json < any : «any» | tojson
any < json : fromjson
any < str : try fromjson catch "bad"
strs < str : split(«str»)
strs < str : split("")
strs < any : ‹str› / ‹str›
strs < str : ./","
strs < str : split(«regex»; «flags»)
strs < str : [splits(«regex»)]
strs < str : [splits(«regex»; «flags»)]
strs < str : [match(«regex»; «flags») | .string]
strs < str : [scan(«regex»)] | map(strings)
arr < str : [scan(«regex»; «flags»)]
objs < str : [match(«regex»)]
objs < str : [match(«regex»; «flags»)]
objs < str : [match([«regex», «flags»])]
objs < str : [capture(«regex»)]
objs < str : [capture(«regex»; «flags»)]
bool < str : test(«regex»)
bool < str : test(«regex»; «flags»)
str < str : sub(«regex»; "<>")
str < str : sub(«regex»; «str»; «flags»)
str < str : gsub(«regex»; "-")
str < str : gsub(«regex»; "\(.x // "?")")
str < str : gsub(«regex»; "1", "2")
str < str : gsub(«regex»; "[\(.)]"; «flags»)
str < str : sub("(?<x>«class»)"; "\(.x | ascii_upcase)")
str < str : gsub("(?<x>«class»)"; .x + .x)
bool < str : startswith(«str»)
bool < str : endswith(«str»)
bool < str : contains(«str»)
bool < str : inside(«str»)
bool < str : . < «str»
bool < str : . == «str»
bool < any : «any» | tostring | test("a")
nums < str : indices(«str»)
nums < str : [match(«regex»; "g").offset]
nums < str : [match(«regex»; "g").length]
bool < any : «str» | toboolean?
bool < bool : toboolean
bool < str : try toboolean catch false
strs < any : [«str», «str»]
strs < any : [«any» | strings]
strs < any : [«any» | .. | strings]
strs < strs : map(«str@str»)
strs < strs : sort
strs < strs : unique
strs < strs : reverse
strs < strs : sort_by(length)
strs < obj : keys
strs < obj : keys_unsorted
strs < strs : map(ascii_upcase?)
strs < strs : . + ‹strs›
strs < strs : . - ‹strs›
strs < strs : map(select(«bool@str»))
strs < strs : map(tojson)
strs < nums : map(tostring)
strs < nums : map("\(.)")
strs < any : ["a", "b"] | map(. * 2)
`;
