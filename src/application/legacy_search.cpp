#include "application/legacy_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "application/parameters.hpp"
#include "domain/limits.hpp"
#include "embedding_calls.hpp"
#include "stopwatch.hpp"

namespace rag {
namespace {

constexpr std::string_view kLogger = "app.application.legacy_search";

/// Of unit vectors.
double distance_of(float cosine) {
    return std::sqrt(std::max(0.0, 2 - 2 * static_cast<double>(cosine)));
}

/// The nearest first; ties in chunk order, as a second search must not answer otherwise.
std::vector<Candidate> nearest(CandidateSet set, const SearchRequest& request) {
    std::vector<Candidate> found = std::move(set.candidates);
    const double least = request.min_score.value_or(-1);
    std::erase_if(found, [least](const Candidate& candidate) {
        return static_cast<double>(candidate.cosine) < least;
    });
    std::ranges::stable_sort(found, std::ranges::greater(), &Candidate::cosine);
    return found;
}

}  // namespace

LegacySearch::LegacySearch(
    ConversationRepository& repository,
    EmbeddingProvider& embeddings,
    Telemetry& telemetry,
    const TimeZones& zones
)
    : repository_(repository), embeddings_(embeddings), telemetry_(telemetry), zones_(zones) {}

Task<Result<std::vector<LegacyResult>>> LegacySearch::run(
    SearchRequest request, CallContext context
) {
    const Stopwatch watch;
    Result<std::vector<LegacyResult>> results =
        co_await find(std::move(request), std::move(context));
    const std::string_view mode = name_of(SearchMode::dense);
    telemetry_.count("search_requests_total", {mode, results ? "success" : "error"});
    telemetry_.observe("search_duration_seconds", {mode}, watch.seconds());
    co_return results;
}

Task<Result<std::vector<LegacyResult>>> LegacySearch::find(
    SearchRequest request, CallContext context
) {
    if (Result<void> valid = check_bounds(request); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    if (is_blank(request.query)) {
        co_return fail(ErrorCode::invalid_argument, "must not be blank", "/query");
    }
    const Result<const TimeZone*> zone =
        settle_days(request.filter, request.days, request.timezone, zones_);
    if (!zone) co_return tl::unexpected<Error>(zone.error());
    EmbeddingCalls calls(embeddings_, telemetry_, EmbeddingCaller{kLogger, context.trace.id});
    Result<QueryEmbedding> embedding = co_await calls.query(request.query, context);
    if (!embedding) co_return tl::unexpected<Error>(std::move(embedding.error()));

    ChunkQuery query;
    query.embedding = std::move(embedding->vector);
    query.filter = request.filter;
    query.mode = SearchMode::dense;
    query.pool_size = limits::kPoolSize;
    Result<CandidateSet> candidates = co_await repository_.candidates(std::move(query), context);
    if (!candidates) co_return tl::unexpected<Error>(std::move(candidates.error()));

    const std::vector<Candidate> found = nearest(std::move(*candidates), request);
    std::vector<LegacyResult> results;
    // A row that was deleted meanwhile is passed over, and the next one takes its place.
    for (std::size_t begin = 0; begin < found.size() && results.size() < request.top_k;) {
        const std::size_t end = std::min(found.size(), begin + request.top_k);
        std::vector<ChunkId> ids;
        for (std::size_t place = begin; place < end; ++place) ids.push_back(found[place].chunk_id);
        Result<std::vector<LoadedChunk>> loaded =
            co_await repository_.load(std::move(ids), 0, limits::kReadBytesMax, context);
        if (!loaded) co_return tl::unexpected<Error>(std::move(loaded.error()));

        auto row = loaded->begin();
        for (; begin < end && results.size() < request.top_k; ++begin) {
            if (row == loaded->end() || row->stored.id != found[begin].chunk_id) continue;
            results.push_back({std::move(*row++), distance_of(found[begin].cosine)});
        }
    }
    co_return results;
}

}  // namespace rag
