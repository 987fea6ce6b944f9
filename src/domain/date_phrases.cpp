#include "date_phrases.hpp"

/// What people say for days, weeks, months and years that they count from now. Words are in lower
/// case and without accents of Latin letters (`fold_word`).
///
/// Names: "1=monday mon 2=tuesday"; `_` stands for the space of a name of several words.
/// A phrase is a line "PATTERN = MEANING NUMBER": words, `a|b` (either), `a?` (or nothing), `^`
/// (the question's begin), and {n}, {unit}, {weekday}, {month}, of the same language. Of the
/// phrases that begin at a word the longest counts, and what it covers is not read again, so `none`
/// hides words that mean something else there. "lower": not with a capital. "sure": only where
/// `small_words` tell that the question is in this language; in other languages it is another word.
/// Chinese and Japanese are read character by character. Meanings: see `PhraseMeaning`.
namespace rag::dates {
namespace {

constexpr DateLanguage kEnglish{
    .units =
        "day=day days week=week weeks weekend=weekend weekends month=month months "
        "year=year years",
    .weekdays = "1=monday 2=tuesday 3=wednesday 4=thursday 5=friday 6=saturday 7=sunday",
    .months =
        "1=january jan 2=february feb 3=march 4=april apr 5=may 6=june jun 7=july jul "
        "8=august aug 9=september sept sep 10=october oct 11=november nov 12=december dec",
    .numbers =
        "1=a an one 2=two couple a_couple couple_of a_couple_of 3=three few a_few 4=four "
        "5=five 6=six 7=seven 8=eight 9=nine 10=ten 11=eleven 12=twelve",
    .since = "since ever_since",
    .phrases = R"(
today|tonight = day 0
this morning|afternoon|evening = day 0
yesterday = day -1
last night = day -1
the? day before yesterday = day -2
tomorrow = day 1
the? day after tomorrow = day 2
{n} {unit} ago = ago
last|past|previous {unit} = unit -1
the last {unit} of = none
the {unit} before last = unit -2
this|current {unit} = unit 0
next|coming {unit} = unit 1
^ last|past|previous {n} {unit} = past
the|these|in|over|during|within|of last|past|previous {n} {unit} = past
the|in|over|during|within next {n} {unit} = coming
on|last|past {weekday} = weekday -1
next {weekday} = weekday 1
this {weekday} = weekday 0
{weekday} last week = weekday_of_week -1
{weekday} of last week = weekday_of_week -1
since {weekday} = weekday -1 since
last|past {month} = month -1
this {month} = month 0
next {month} = month 1
since|since_last {month} = month -1 since
{month} last year = month_of_year -1
{month} of last year = month_of_year -1
)"};

constexpr DateLanguage kGerman{
    .units =
        "day=tag tage tagen week=woche wochen weekend=wochenende month=monat monate monaten "
        "monats year=jahr jahre jahren jahres",
    .weekdays =
        "1=montag 2=dienstag 3=mittwoch 4=donnerstag 5=freitag 6=samstag sonnabend "
        "7=sonntag",
    .months =
        "1=januar janner 2=februar feber 3=marz maerz 4=april 5=mai 6=juni 7=juli 8=august "
        "9=september 10=oktober 11=november 12=dezember",
    .numbers =
        "1=ein eine einem einer einen 2=zwei 3=drei paar ein_paar einigen 4=vier 5=funf "
        "fuenf 6=sechs 7=sieben 8=acht 9=neun 10=zehn 11=elf 12=zwolf zwoelf",
    .since = "seit seit_dem seit_der",
    .small_words =
        "wer was war ist der die das den dem wir ich du er sie es hat haben gibt wie wo "
        "und ein eine mit von zu nicht noch schon waren sind wurde",
    .phrases = R"(
heute = day 0
heute morgen|abend|nacht|mittag|nachmittag = day 0
gestern = day -1
gestern morgen|abend|nacht|mittag|nachmittag = day -1
letzte nacht = day -1
vorgestern = day -2
morgen = day 1 lower
jeden|diesen|den morgen = none
ubermorgen|uebermorgen = day 2
vor {n} {unit} = ago
letzte|letzten|letzter|letztes|letztem|vorige|vorigen|voriges|vergangene|vergangenen|vergangenes {unit} = unit -1
vorletzte|vorletzten|vorletzter|vorletztes {unit} = unit -2
diese|dieser|diesem|diesen|dieses {unit} = unit 0
nachste|nachsten|nachster|nachstes|naechste|naechsten|kommende|kommenden {unit} = unit 1
letzten|vergangenen {n} {unit} = past
nachsten|naechsten|kommenden {n} {unit} = coming
am|letzten|vergangenen|vorigen {weekday} = weekday -1
diesen {weekday} = weekday 0
nachsten|naechsten|kommenden {weekday} = weekday 1
seit {weekday} = weekday -1 since
seit letztem|letzten {weekday} = weekday -1 since
letzten|vergangenen|vorigen {month} = month -1
diesen|diesem {month} = month 0
nachsten|naechsten|kommenden {month} = month 1
seit {month} = month -1 since
{month} letzten|vorigen jahres = month_of_year -1
{month} des letzten|vorigen jahres = month_of_year -1
)"};

constexpr DateLanguage kFrench{
    .units =
        "day=jour jours week=semaine semaines weekend=weekend week_end month=mois year=an ans "
        "annee annees",
    .weekdays = "1=lundi 2=mardi 3=mercredi 4=jeudi 5=vendredi 6=samedi 7=dimanche",
    .months =
        "1=janvier 2=fevrier 3=mars 4=avril 5=mai 6=juin 7=juillet 8=aout 9=septembre "
        "10=octobre 11=novembre 12=decembre",
    .numbers =
        "1=un une 2=deux 3=trois quelques 4=quatre 5=cinq 6=six 7=sept 8=huit 9=neuf 10=dix "
        "12=douze 15=quinze",
    .since = "depuis depuis_le depuis_la depuis_l",
    .small_words =
        "que qu est il elle nous on le la les des du qui quoi dit avons ai je tu vous "
        "ce c j et a au aux quel quelle s d avec pour sur ete quand ou ont",
    .phrases = R"(
aujourd hui = day 0
ce matin|soir|midi = day 0
cet apres midi = day 0
cette nuit = day 0
hier = day -1 sure
hier soir|matin|midi = day -1
avant hier = day -2
demain = day 1
apres demain = day 2
il? y a {n} {unit} = ago
{unit} derniere|dernier|passee|passe = unit -1
derniere semaine = week -1
derniere annee = year -1
ce|cet|cette {unit} = unit 0
{unit} prochaine|prochain = unit 1
les|des|ces {n} derniers|dernieres {unit} = past
les|des {n} prochains|prochaines {unit} = coming
{weekday} dernier|passe = weekday -1
ce {weekday} = weekday 0
{weekday} prochain = weekday 1
depuis {weekday} = weekday -1 since
{month} dernier = month -1
{month} prochain = month 1
depuis {month} = month -1 since
{month} de l annee derniere|passee = month_of_year -1
{month} de l an dernier|passe = month_of_year -1
)"};

constexpr DateLanguage kSpanish{
    .units = "day=dia dias week=semana semanas weekend=fin_de_semana month=mes meses year=ano anos",
    .weekdays = "1=lunes 2=martes 3=miercoles 4=jueves 5=viernes 6=sabado 7=domingo",
    .months =
        "1=enero 2=febrero 3=marzo 4=abril 5=mayo 6=junio 7=julio 8=agosto 9=septiembre "
        "setiembre 10=octubre 11=noviembre 12=diciembre",
    .numbers =
        "1=un una 2=dos un_par_de 3=tres unos unas 4=cuatro 5=cinco 6=seis 7=siete 8=ocho "
        "9=nueve 10=diez",
    .since = "desde desde_el desde_la",
    .phrases = R"(
hoy = day 0
esta manana|tarde|noche = day 0
ayer|anoche = day -1
anteayer|antier|antes_de_ayer|antes_de_anoche = day -2
manana = day 1
la|una|cada|tarde_o manana = none
pasado manana = day 2
hace {n} {unit} = ago
{unit} pasada|pasado = unit -1
pasada|pasado {unit} = unit -1
esta|este {unit} = unit 0
{unit} que viene = unit 1
proxima|proximo {unit} = unit 1
ultimos|ultimas {n} {unit} = past
proximos|proximas {n} {unit} = coming
el {weekday} = weekday -1
el? {weekday} pasado = weekday -1
el pasado {weekday} = weekday -1
este {weekday} = weekday 0
proximo {weekday} = weekday 1
desde el? {weekday} = weekday -1 since
{month} pasado = month -1
pasado {month} = month -1
este {month} = month 0
proximo {month} = month 1
desde {month} = month -1 since
{month} del ano pasado = month_of_year -1
)"};

constexpr DateLanguage kPortuguese{
    .units = "day=dia dias week=semana semanas weekend=fim_de_semana month=mes meses year=ano anos",
    .weekdays =
        "1=segunda_feira 2=terca_feira 3=quarta_feira 4=quinta_feira 5=sexta_feira "
        "6=sabado 7=domingo",
    .months =
        "1=janeiro 2=fevereiro 3=marco 4=abril 5=maio 6=junho 7=julho 8=agosto 9=setembro "
        "10=outubro 11=novembro 12=dezembro",
    .numbers =
        "1=um uma 2=dois duas 3=tres alguns algumas 4=quatro 5=cinco 6=seis 7=sete 8=oito "
        "9=nove 10=dez",
    .since = "desde desde_a desde_o",
    .phrases = R"(
hoje = day 0
esta manha|tarde|noite = day 0
ontem = day -1
anteontem|antes_de_ontem = day -2
amanha = day 1
depois de amanha = day 2
ha {n} {unit} = ago
{n} {unit} atras = ago
{unit} passada|passado = unit -1
passada|passado {unit} = unit -1
esta|este|nesta|neste|essa|esse|nessa|nesse {unit} = unit 0
{unit} que vem = unit 1
proxima|proximo {unit} = unit 1
ultimos|ultimas {n} {unit} = past
proximos|proximas {n} {unit} = coming
na|no {weekday} = weekday -1
{weekday} passada|passado = weekday -1
nesta|neste|esta|este {weekday} = weekday 0
proxima|proximo {weekday} = weekday 1
desde a|o {weekday} = weekday -1 since
desde {weekday} = weekday -1 since
{month} passado = month -1
proximo {month} = month 1
desde {month} = month -1 since
{month} do ano passado = month_of_year -1
)"};

constexpr DateLanguage kItalian{
    .units =
        "day=giorno giorni week=settimana settimane weekend=weekend fine_settimana month=mese "
        "mesi year=anno anni",
    .weekdays = "1=lunedi 2=martedi 3=mercoledi 4=giovedi 5=venerdi 6=sabato 7=domenica",
    .months =
        "1=gennaio 2=febbraio 3=marzo 4=aprile 5=maggio 6=giugno 7=luglio 8=agosto "
        "9=settembre 10=ottobre 11=novembre 12=dicembre",
    .numbers =
        "1=un uno una 2=due un_paio_di 3=tre qualche 4=quattro 5=cinque 6=sei 7=sette "
        "8=otto 9=nove 10=dieci",
    .since = "da dal dalla dallo dall",
    .phrases = R"(
oggi|stamattina|stasera|stanotte|stamani = day 0
ieri = day -1
l? altro ieri = day -2
altroieri|avantieri = day -2
domani = day 1
dopodomani = day 2
{n} {unit} fa = ago
{unit} scorsa|scorso|passata|passato = unit -1
scorsa|scorso {unit} = unit -1
questa|questo|quest {unit} = unit 0
prossima|prossimo {unit} = unit 1
{unit} prossima|prossimo = unit 1
ultimi|ultime {n} {unit} = past
prossimi|prossime {n} {unit} = coming
{weekday} scorso|scorsa = weekday -1
scorso|scorsa {weekday} = weekday -1
questo|questa {weekday} = weekday 0
{weekday} prossimo|prossima = weekday 1
prossimo|prossima {weekday} = weekday 1
da {weekday} = weekday -1 since
{month} scorso = month -1
scorso {month} = month -1
{month} prossimo = month 1
da {month} = month -1 since
{month} dell anno scorso = month_of_year -1
)"};

constexpr DateLanguage kDutch{
    .units = "day=dag dagen week=week weken weekend=weekend month=maand maanden year=jaar jaren",
    .weekdays = "1=maandag 2=dinsdag 3=woensdag 4=donderdag 5=vrijdag 6=zaterdag 7=zondag",
    .months =
        "1=januari 2=februari 3=maart 4=april 5=mei 6=juni 7=juli 8=augustus 9=september "
        "10=oktober 11=november 12=december",
    .numbers =
        "1=een 2=twee 3=drie paar een_paar enkele 4=vier 5=vijf 6=zes 7=zeven 8=acht "
        "9=negen 10=tien",
    .since = "sinds sinds_de sinds_het",
    .small_words =
        "wie wat is de het een we ik jij hij zij heeft hebben en van met niet was zijn "
        "dat die er waar werd",
    .phrases = R"(
vandaag|vanochtend|vanmorgen|vanmiddag|vanavond|vannacht = day 0
gisteren|gisteravond|gisterochtend|gistermiddag = day -1
eergisteren = day -2
morgen = day 1 lower
s|goede|elke|de morgen = none
overmorgen = day 2
{n} {unit} geleden = ago
vorige|vorig|afgelopen {unit} = unit -1
deze|dit {unit} = unit 0
volgende|volgend|komende|komend {unit} = unit 1
afgelopen|laatste {n} {unit} = past
komende|volgende {n} {unit} = coming
op|afgelopen|vorige {weekday} = weekday -1
deze {weekday} = weekday 0
volgende|komende {weekday} = weekday 1
sinds {weekday} = weekday -1 since
vorige|afgelopen {month} = month -1
deze {month} = month 0
volgende|komende {month} = month 1
sinds {month} = month -1 since
{month} vorig jaar = month_of_year -1
{month} van vorig jaar = month_of_year -1
)"};

}  // namespace

std::span<const DateLanguage> western_languages() {
    static constexpr DateLanguage kLanguages[] = {
        kEnglish,
        kGerman,
        kFrench,
        kSpanish,
        kPortuguese,
        kItalian,
        kDutch,
    };
    return kLanguages;
}

}  // namespace rag::dates
