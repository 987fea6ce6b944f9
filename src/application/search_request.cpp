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
    ParameterDigest digest("search");
    digest.add(request.query);
    digest.add(std::uint64_t{request.top_k});
    digest.add(request.filter);
    // A value that no request can have stands for an absent one.
    digest.add(std::bit_cast<std::uint64_t>(request.min_score.value_or(-1)));
    digest.add(static_cast<std::uint64_t>(request.mode));
    digest.add(std::uint64_t{request.context});
    digest.add(std::uint64_t{request.max_tokens.value_or(0)});
    digest.add(std::uint64_t{request.explain});
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
