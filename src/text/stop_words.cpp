#include "stop_words.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace rag::text {
namespace {

using Words = std::unordered_set<std::string_view>;

Words words_of(std::string_view text) {
    Words words;
    for (std::size_t place = 0; place < text.size();) {
        const std::size_t end = std::min(text.find(' ', place), text.size());
        words.insert(text.substr(place, end - place));
        place = end + 1;
    }
    return words;
}

std::unordered_map<std::string_view, Words> make_lists() {
    return {
        {"english",
         words_of("a an the and or but if of to in on at by for with from as is are was were be "
                  "been being am do does did has have had i you he she it we they me him her us "
                  "them my your his its our their this that these those what when where who whom "
                  "which why how would could should will can not so about")},
        {"german",
         words_of("der die das den dem des ein eine einen einem einer eines und oder aber wenn in "
                  "im an am auf bei für mit von vom zu zum zur als ist sind war waren sein hat "
                  "haben hatte hatten ich du er sie es wir ihr mich mir dich dir ihn ihm uns euch "
                  "mein dein sein unser dieser diese dieses was wann wo wer wie warum welche "
                  "würde könnte sollte wird werden kann nicht so über dass")},
        {"french",
         words_of("le la les un une des du de d l et ou mais si à au aux en dans sur par pour avec "
                  "est sont était étaient être a ont avait avaient je j tu il elle nous vous ils "
                  "elles me m te t se s lui leur mon ma mes ton ta tes son sa ses notre votre ce "
                  "cet cette ces c que qu qui quand où comment pourquoi quel quelle ne n pas")},
        {"spanish",
         words_of("el la los las un una unos unas y o pero si de del a al en por para con es son "
                  "era eran ser está están ha han había yo tú él ella nosotros ellos ellas me te "
                  "se lo le les nos mi tu su sus este esta estos estas que qué cuándo cuando dónde "
                  "quién cómo cuál no")},
        {"italian",
         words_of("il lo la i gli le l un uno una e o ma se di del della dei a al alla in nel "
                  "nella su per con da dal è sono era erano essere ha hanno aveva io tu lui lei "
                  "noi voi loro mi ti si ci mio tuo suo questo questa questi che chi quando dove "
                  "come perché quale non")},
        {"portuguese",
         words_of("o a os as um uma e ou mas se de do da dos das em no na nos nas por para com é "
                  "são era eram ser está estão tem têm tinha eu tu ele ela nós eles elas me te lhe "
                  "meu minha teu seu sua este esta isto que quem quando onde como qual não")},
        {"dutch",
         words_of("de het een en of maar als van in op aan bij voor met uit te is zijn was waren "
                  "heeft hebben had hadden ik jij je hij zij ze wij we jullie mij me hem haar ons "
                  "mijn jouw zijn dit dat deze die wat wanneer waar wie hoe waarom welke niet zou "
                  "kan zal er om")},
    };
}

}  // namespace

bool is_stop_word(std::string_view language, std::string_view word) {
    static const auto kLists = make_lists();
    const auto list = kLists.find(language);
    return list != kLists.end() && list->second.contains(word);
}

}  // namespace rag::text
