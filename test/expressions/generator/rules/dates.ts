/** Dates. See rules.ts for the format. */
export const dateRules = String.raw`
num < date : fromdate
num < date : fromdateiso8601
num < date : strptime("%Y-%m-%dT%H:%M:%SZ") | mktime
broken < date : strptime("%Y-%m-%dT%H:%M:%SZ")
broken < num : gmtime
broken < any : 1425599621 | gmtime
date < any : 1425599621 | todate
date < num : todate
date < num : todateiso8601
date < broken : todate
str < num : strftime("«time format»")
str < broken : strftime("«time format»")
str < broken : strftime("%Y-%m-%dT%H:%M:%SZ")
num < broken : mktime
num < broken : .[:6] | mktime
str < date : fromdate | strftime("«time format»")
bool < any : now > 1000000
`;
