import { checkCases } from './check.ts';

checkCases(
  'dates',
  String.raw`
null @ "2015-03-05T23:51:47Z"|fromdate, fromdateiso8601, strptime("%Y-%m-%dT%H:%M:%SZ"), (strptime("%Y-%m-%dT%H:%M:%SZ")|mktime) → [1425599507,1425599507,[2015,2,5,23,51,47,4,63],1425599507]
null @ "10:20" | strptime("%H:%M") → [[1970,0,1,10,20,0,4,0]]
null @ "x"|strptime("%Y") ✗ date "x" does not match format "%Y"
null @ "a"|mktime ✗ mktime requires array inputs
null @ [2024,0]|mktime → [1703980800]
null @ 1e1000|todate ✗ strftime/1 requires parsed datetime inputs
null @ "2024-02-30T00:00:00Z"|try fromdate catch . → [1709251200]
null @ "2024-02-29"|strptime("%Y-%m-%d"),(strptime("%Y-%m-%d")|mktime) → [[2024,1,29,0,0,0,4,59],1709164800]
null @ "12 Mar 2024 10:11:12 +0200"|strptime("%d %b %Y %H:%M:%S %z") → [[2024,2,12,10,11,12,2,71]]
null @ "Thu, 05 Mar 2015 23:51:47 +0100"|strptime("%a, %d %b %Y %H:%M:%S %z")|.,mktime → [[2015,2,5,23,51,47,4,63],1425599507]
null @ 1425599621|strftime("%Q") ✗ strftime/1: unknown system failure
null @ 1425599621|strftime(1)? → []
null @ "a"|try strftime("%Y") catch . → ["strftime/1 requires parsed datetime inputs"]
null @ [2024]|try strftime("%Y") catch . → ["2024"]
null @ [2024,1,1]|try mktime catch . → [1706745600]
null @ [2024,"a"]|try mktime catch . → ["mktime requires parsed datetime inputs"]
null @ -1|todate,gmtime → ["1969-12-31T23:59:59Z",[1969,11,31,23,59,59,3,364]]
null @ "2015-03-05T23:51:47Z"|strptime("%Y-%m-%dT%H:%M:%SZ") → [[2015,2,5,23,51,47,4,63]]
null @ "10:11 PM"|strptime("%I:%M %p") → [[1970,0,1,22,11,0,4,0]]
null @ "x2015"|try strptime("x%Y") catch . → [[2015,0,1,0,0,0,4,0]]
null @ "2015 "|try strptime("%Y") catch . → [[2015,0,1,0,0,0,4,0," "]]
null @ 1|try strptime("%Y") catch . → ["strptime/1 requires string inputs and arguments"]
null @ "2015"|try strptime(1) catch . → ["strptime/1 requires string inputs and arguments"]
null @ 1425599621|strftime("%h") → ["Mar"]
null @ 1425599621|strftime("%c|%D|%q") ✗ strftime/1: unknown system failure
null @ "5/3/15 T"|strptime("%D T") → [[2015,4,3,0,0,0,0,122]]
null @ "2015-03-05 23:51:47"|strptime("%F %T"),strptime("%Y-%m-%d%n%H:%M:%S") → [[2015,2,5,23,51,47,4,63],[2015,2,5,23,51,47,4,63]]
null @ "2015-W10-4"|strptime("%G-W%V-%u") ✗ date "2015-W10-4" does not match format "%G-W%V-%u"
null @ "2015 10 4"|strptime("%Y %U %w") → [[2015,0,1,0,0,0,4,0]]
null @ "March"|strptime("%B") → [[1970,2,1,0,0,0,0,59]]
null @ "mar"|strptime("%b") → [[1970,2,1,0,0,0,0,59]]
null @ "Sunday 3"|strptime("%A %e") → [[1970,0,3,0,0,0,6,2]]
null @ "99"|strptime("%y") → [[1999,0,1,0,0,0,5,0]]
null @ "Z"|strptime("%Z") → [[1970,0,1,0,0,0,4,0]]
null @ "  2015"|strptime("%Y") ✗ date "  2015" does not match format "%Y"
null @ "%"|strptime("%%") → [[1970,0,1,0,0,0,4,0]]
null @ [2015.7,2,5,23,51,47]|mktime → [1425599507]
null @ "a"|try todate catch . → ["strftime/1 requires parsed datetime inputs"]
null @ {}|try mktime catch . → ["mktime requires array inputs"]
null @ {}|try gmtime catch . → ["gmtime() requires numeric inputs"]
null @ "a"|try gmtime catch . → ["gmtime() requires numeric inputs"]
null @ 1425599621.678|gmtime → [[2015,2,5,23,53,41.67799997329712,4,63]]
null @ -1.25|gmtime → [[1969,11,31,23,59,59.75,3,364]]
null @ -62167219201|todate → ["-001-12-31T23:59:59Z"]
null @ 253402300800|todate, strftime("%F %G") → ["+10000-01-01T00:00:00Z","+10000-01-01 9999"]
null @ [2024,13,45,30,70,70]|strftime("%c %j"), strflocaltime("%c %j") → ["Tue - 45 30:70:70 2024 077","Tue Mar 18 07:11:10 2025 077"]
null @ [2024,13,45,30,70,70]|mktime → [1742281870]
null @ 1425599621|strftime("%-d|%_d|%5d|%_H|%+5C|%+6Y|%2Y|%012F|%Ed|%Od") → ["5| 5|05|23|+0020|+02015|2015|002015-03-05|05|05"]
null @ -62200000000|strftime("%6Y|%+6Y|%C|%y") → ["-00002|-00002|00|02"]
null @ 1425599621|strftime("%a %A %b %B %C %e %g %G %I %j %p %r %R %s %u %U %V %w %W %x %X %y %z %%%n%t") → ["Thu Thursday Mar March 20  5 15 2015 11 064 PM 11:53:41 PM 23:53 1425599621 4 09 10 4 09 03/05/15 23:53:41 15 +0000 %\n\t"]
null @ 0|strftime("%"), strftime("") → ["%",""]
null @ []|strftime("%F") → ["1900-01-00"]
null @ [2024,null]|mktime ✗ mktime requires parsed datetime inputs
null @ nan|todate ✗ strftime/1 requires parsed datetime inputs
null @ 1|try localtime catch ., (null|try localtime catch .) → [[1970,0,1,0,0,1,4,0],"localtime() requires numeric inputs"]
null @ "1969-12-31T23:59:59Z"|fromdate ✗ invalid gmtime representation
null @ "23:59:60"|strptime("%T") → [[1970,0,2,0,0,0,5,1]]
null @ "2024-02-31"|strptime("%F") → [[2024,2,2,0,0,0,6,61]]
null @ "201"|strptime("%Y") ✗ date "201" does not match format "%Y"
null @ "20 15"|strptime("%C %y") → [[2015,0,1,0,0,0,4,0]]
null @ "2015-03-05t23:51:47z"|fromdate → [1425599507]
null @ "2015-03-05T23:51:47Z."|fromdate ✗ date "2015-03-05T23:51:47Z." does not match format "%Y-%m-%dT%H:%M:%SZ"
null @ "1 jun 2020"|strptime("%d %b %Y")|mktime|todate → ["2020-06-01T00:00:00Z"]
null @ 1425599621|todateiso8601|fromdateiso8601 → [1425599621]
null @ "x"|strptime("%k")? → []
null @ 1425599621|strftime("%k|%l|%P|%Z") → ["23|11|pm|UTC"]
null @ " 7 PM"|strptime("%l %p")[3] → [19]
null @ ["12 AM", "12 PM"]|map(strptime("%I %p")[3]) → [[0,12]]
null @ "1425599621"|strptime("%s")|mktime → [1425599621]
null @ "2016 100"|strptime("%Y %j")|todate → ["2016-04-09T00:00:00Z"]
null @ infinite|try gmtime catch . → ["gmtime: the time is out of range"]
null @ 1425599621|try strftime("%999Y") catch . → ["strftime/1: unknown system failure"]
null @ now, (now|localtime|mktime) → [1425599621,1425599621]
`,
);
