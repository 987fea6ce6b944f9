#include "search_request.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "domain/limits.hpp"

namespace rag {
namespace {

tl::unexpected<Error> invalid(std::string message, std::string pointer) {
    return fail(ErrorCode::invalid_argument, std::move(message), std::move(pointer));
}

}  // namespace

Result<void> validate(const SearchRequest& request) {
    if (is_blank(request.query)) return invalid("The query is empty.", "/query");
    if (count_characters(request.query) > limits::kQueryCharactersMax) {
        return invalid("The query has more than 10,000 characters.", "/query");
    }
    if (request.top_k < 1 || request.top_k > limits::kTopKMax) {
        return invalid("top_k must be between 1 and 100.", "/top_k");
    }
    if (request.context > limits::kContextMax) {
        return invalid("context must be between 0 and 10.", "/context");
    }
    // Written so that a NaN is refused too.
    if (request.min_score && !(*request.min_score >= 0 && *request.min_score <= 1)) {
        return invalid("min_score must be between 0 and 1.", "/min_score");
    }
    if (request.max_tokens && *request.max_tokens < 1) {
        return invalid("max_tokens must be at least 1.", "/max_tokens");
    }
    return {};
}

ParameterDigest digest_of(const SearchRequest& request) {
    // Does not compile with another number of fields: a new one must be digested too, else its
    // pages get mixed.
    const auto& [query, top_k, filter, min_score, mode, context, max_tokens, cursor, explain] =
        request;
    ParameterDigest digest("search");
    digest.add(query);
    digest.add(std::uint64_t{top_k});
    digest.add(filter);
    // A value that no request can have stands for an absent one.
    digest.add(std::bit_cast<std::uint64_t>(min_score.value_or(-1)));
    digest.add(static_cast<std::uint64_t>(mode));
    digest.add(std::uint64_t{context});
    digest.add(std::uint64_t{max_tokens.value_or(0)});
    static_cast<void>(cursor);  // It names the page.
    digest.add(std::uint64_t{explain});
    return digest;
}

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
