#include "search_terms.hpp"

#include <algorithm>
#include <utility>

namespace rag {

std::vector<std::string> search_terms(const TermAnalyzer& analyzer, std::string_view query) {
    std::vector<Term> terms = analyzer.analyze(query);
    const bool only_stop_words = std::ranges::all_of(terms, &Term::stop);
    std::vector<std::string> wanted;
    for (Term& term : terms) {
        if (only_stop_words || !term.stop) wanted.push_back(std::move(term.text));
    }
    return wanted;
}

}  // namespace rag
