#include "date_phrases.hpp"

/// The notation is that of date_phrases.cpp.
namespace rag::dates {
namespace {

constexpr DateLanguage kRussian{
    .units =
        "day=день дня дней дни week=неделя неделю недели недель неделе weekend=выходные "
        "выходных month=месяц месяца месяцев месяце year=год года году лет",
    .weekdays =
        "1=понедельник понедельника 2=вторник вторника 3=среду среды 4=четверг четверга "
        "5=пятницу пятницы 6=субботу субботы 7=воскресенье воскресенья",
    .months =
        "1=январь января январе 2=февраль февраля феврале 3=март марта марте 4=апрель апреля "
        "апреле 5=май мая мае 6=июнь июня июне 7=июль июля июле 8=август августа августе "
        "9=сентябрь сентября сентябре 10=октябрь октября октябре 11=ноябрь ноября ноябре "
        "12=декабрь декабря декабре",
    .numbers =
        "1=один одну одна 2=два две пару пара 3=три несколько 4=четыре 5=пять 6=шесть "
        "7=семь 8=восемь 9=девять 10=десять",
    .since = "с со",
    .phrases = R"(
сегодня = day 0
вчера = day -1
позавчера = day -2
завтра = day 1
послезавтра = day 2
{n} {unit} назад|тому_назад = ago
{unit} назад = ago 1
прошлая|прошлой|прошлую|прошлый|прошлом|прошлого|прошлые|прошлых {unit} = unit -1
позапрошлой|позапрошлую|позапрошлом|позапрошлый {unit} = unit -2
эта|этой|эту|этот|этом|этого|эти|этих {unit} = unit 0
следующая|следующей|следующую|следующий|следующем|следующие {unit} = unit 1
последние|последних {n} {unit} = past
ближайшие|следующие {n} {unit} = coming
в|во|прошлый|прошлую|прошлое {weekday} = weekday -1
этот|эту|это {weekday} = weekday 0
следующий|следующую|следующее {weekday} = weekday 1
эту|в среду обитания = none
с|со {weekday} = weekday -1 since
прошлый|прошлом|прошлого {month} = month -1
этом {month} = month 0
следующем {month} = month 1
с {month} = month -1 since
{month} прошлого года = month_of_year -1
)"};

constexpr DateLanguage kChinese{
    .units =
        "day=天 日 week=周 週 星期 个星期 個星期 礼拜 禮拜 个礼拜 個禮拜 weekend=周末 週末 "
        "month=个月 "
        "個月 year=年",
    .weekdays =
        "1=周一 週一 星期一 礼拜一 禮拜一 2=周二 週二 星期二 礼拜二 禮拜二 3=周三 週三 星期三 "
        "礼拜三 "
        "禮拜三 4=周四 週四 星期四 礼拜四 禮拜四 5=周五 週五 星期五 礼拜五 禮拜五 6=周六 週六 "
        "星期六 "
        "礼拜六 禮拜六 7=周日 週日 星期日 星期天 礼拜天 禮拜天 周天",
    .months =
        "1=一月 2=二月 3=三月 4=四月 5=五月 6=六月 7=七月 8=八月 9=九月 10=十月 11=十一月 "
        "12=十二月",
    .numbers = "1=一 2=二 两 兩 3=三 几 幾 4=四 5=五 6=六 7=七 8=八 9=九 10=十 11=十一 12=十二",
    .since = "自 自从 自從 从 從",
    .until_now = "以来 以來 以后 以後 起 开始 開始",
    .phrases = R"(
今天|今日|今晚|今早 = day 0
昨天|昨日|昨晚 = day -1
前天 = day -2
大前天 = day -3
明天|明日|明晚 = day 1
后天|後天 = day 2
大后天|大後天 = day 3
先天|后天性|後天性 = none
{n} {unit} 前|以前|之前 = ago
上周|上週|上星期|上礼拜|上禮拜|上个星期|上個星期|上个礼拜|上個禮拜|上一周|上一週 = week -1
上上周|上上週|上上个星期 = week -2
这周|這週|本周|本週|这个星期|這個星期|这星期|这个礼拜 = week 0
下周|下週|下星期|下礼拜|下个星期|下個星期|下个礼拜 = week 1
上周末|上週末|上个周末 = weekend -1
这周末|這週末|本周末|这个周末 = weekend 0
上个月|上個月|上月 = month_now -1
上上个月|上上個月 = month_now -2
这个月|這個月|本月 = month_now 0
下个月|下個月|下月 = month_now 1
去年|上一年 = year -1
前年 = year -2
今年|本年 = year 0
明年 = year 1
最近|过去|過去|近 {n} {unit} = past
未来|未來 {n} {unit} = coming
{weekday} = weekday -1
上 {weekday} = weekday_of_week -1
上个|上個 {weekday} = weekday_of_week -1
这|這|本 {weekday} = weekday_of_week 0
下 {weekday} = weekday_of_week 1
下个|下個 {weekday} = weekday_of_week 1
去年 {month} = month_of_year -1
去年 {n} 月 = month_of_year -1
今年 {month} = month_of_year 0
今年 {n} 月 = month_of_year 0
明年 {n} 月 = month_of_year 1
)"};

constexpr DateLanguage kJapanese{
    .units =
        "day=日 日間 week=週間 weekend=週末 month=か月 ヶ月 カ月 ヵ月 ケ月 箇月 か月間 ヶ月間 "
        "year=年 年間",
    .weekdays =
        "1=月曜 月曜日 2=火曜 火曜日 3=水曜 水曜日 4=木曜 木曜日 5=金曜 金曜日 6=土曜 土曜日 "
        "7=日曜 "
        "日曜日",
    .numbers = "1=一 2=二 3=三 数 4=四 5=五 6=六 7=七 8=八 9=九 10=十",
    .until_now = "以来 以降 から",
    .phrases = R"(
今日|本日|今朝|今晩|今夜 = day 0
昨日|昨夜|昨晩|きのう = day -1
一昨日|おととい|おとつい = day -2
明日 = day 1
明後日|あさって = day 2
{n} {unit} 前 = ago
先週|前週 = week -1
先々週 = week -2
今週 = week 0
来週 = week 1
先週末|先週の週末 = weekend -1
今週末 = weekend 0
先月 = month_now -1
先々月 = month_now -2
今月 = month_now 0
来月 = month_now 1
去年|昨年 = year -1
一昨年|おととし = year -2
今年|本年 = year 0
来年|明年 = year 1
過去|この|ここ|直近 {n} {unit} = past
今後 {n} {unit} = coming
{weekday} = weekday -1
先週の {weekday} = weekday_of_week -1
今週の {weekday} = weekday_of_week 0
来週の {weekday} = weekday_of_week 1
次の {weekday} = weekday 1
去年|昨年 の? {n} 月 = month_of_year -1
今年 の? {n} 月 = month_of_year 0
来年 の? {n} 月 = month_of_year 1
)"};

}  // namespace

std::span<const DateLanguage> eastern_languages() {
    static constexpr DateLanguage kLanguages[] = {kRussian, kChinese, kJapanese};
    return kLanguages;
}

}  // namespace rag::dates
