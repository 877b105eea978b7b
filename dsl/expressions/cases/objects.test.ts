import { checkCases } from './check.ts';

checkCases(
  'objects',
  String.raw`
{"a":[1,2]} @ to_entries → [[{"key":"a","value":[1,2]}]]
null @ {a:1} | has("a"), has("b") → [true,false]
null @ 1 | keys ✗ number (1) has no keys
null @ "a" | has("a") ✗ Cannot check whether string has a string key
null @ [{"name":"a","value":1},{"k":"b","v":2},{"key":null,"value":3},{"key":false},{"key":1}]|from_entries ✗ Cannot use null (null) as object key
null @ [{"key":{}}] | from_entries ✗ Cannot use object ({}) as object key
null @ ["a"] | from_entries ✗ Cannot index string with string ("key")
null @ {"a":[1,{"b":2}],"c":"xyz"} | contains({"a":[{"b":2}],"c":"y"}) → [true]
{"a":1,"b":2} @ to_entries|map(.key)|join("-") → ["a-b"]
null @ ["a","b"]|to_entries → [[{"key":0,"value":"a"},{"key":1,"value":"b"}]]
null @ [{"name":"a","value":1},{"k":"b","v":2}]|from_entries ✗ Cannot use null (null) as object key
null @ [{"Name":"a","Value":1},{"K":"b","V":2},{"Key":"c","value":null,"v":3}]|from_entries ✗ Cannot use null (null) as object key
null @ [{"key":"a"}]|from_entries → [{"a":null}]
null @ [{"key":"a","value":false,"v":2}]|from_entries → [{"a":false}]
null @ {"a":{"key":"z","value":1}}|from_entries → [{"z":1}]
null @ {"a":1}|has("a","b") → [true,false]
null @ [1,[2]]|contains([[2]]) → [true]
null @ {"a":[1,2]}|contains({"a":[1]}) → [true]
null @ "a\u0000b"|contains("b") → [true]
null @ [["foobar"]]|contains([["bar"]]) → [true]
null @ 1|contains(1) → [true]
null @ null|contains(null) → [true]
null @ true|contains(1)? → []
null @ true|contains(false) ✗ boolean (true) and boolean (false) cannot have their containment checked
null @ {"a":1}|inside({"a":1,"b":2}) → [true]
null @ {"é":1,"z":2,"Z":3,"😀":4,"\uffff":5}|keys → [["Z","z","é","￿","😀"]]
null @ [1,2,3]|to_entries|map(select(.key>0))|from_entries? → []
null @ {"a":1}|to_entries|from_entries → [{"a":1}]
`,
);
