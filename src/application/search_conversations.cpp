#include "application/search_conversations.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "application/compute.hpp"
#include "application/parameters.hpp"
#include "cursor.hpp"
#include "domain/limits.hpp"
#include "domain/time_order.hpp"
#include "embedding_calls.hpp"
#include "search_parts.hpp"
#include "search_terms.hpp"
#include "stopwatch.hpp"

namespace rag {
namespace {

constexpr std::string_view kLogger = "app.application.search_conversations";

/// The pool holds at least this many of the best, if so many match; a page that ends before it
/// needs no tail, not even to know whether another page follows.
bool ends_within_pool(std::uint64_t end) { return end < limits::kPoolSize; }

/// Rows that a cursor of a list can reach.
constexpr std::uint64_t kListedMax = 100'000;

bool has_filter(const SearchRequest& request) {
    return request.filter != Filter() || request.days.from || request.days.to;
}

/// Nothing is asked, so what passes the filter is listed.
bool is_list(const SearchRequest& request) {
    return is_blank(request.query) || request.query == "*";
}

Result<void> check_question(const SearchRequest& request) {
    const bool sorted = request.order != SearchOrder::relevance;
    if (!is_list(request) || sorted || has_filter(request)) return {};
    return fail(
        ErrorCode::invalid_argument,
        "must not be blank: ask something, or give a filter or sort to list messages",
        "/query"
    );
}

}  // namespace

SearchConversations::SearchConversations(
    ConversationRepository& repository,
    EmbeddingProvider& embeddings,
    Telemetry& telemetry,
    WorkPool& work_pool,
    const TermAnalyzer& analyzer,
    WallClock clock,
    const TimeZones& zones
)
    : repository_(repository),
      embeddings_(embeddings),
      telemetry_(telemetry),
      work_pool_(work_pool),
      analyzer_(analyzer),
      clock_(std::move(clock)),
      zones_(zones) {}

Task<Result<SearchResponse>> SearchConversations::run(SearchRequest request, CallContext context) {
    const Stopwatch watch;
    const std::string_view mode = name_of(request.mode);
    Result<SearchResponse> response = co_await find(std::move(request), std::move(context));

    std::string_view status = "error";
    if (response) {
        status = response->degraded ? "degraded" : "success";
        response->execution_time_ms = watch.seconds() * 1'000;
    }
    telemetry_.count("search_requests_total", {mode, status});
    telemetry_.observe("search_duration_seconds", {mode}, watch.seconds());
    co_return response;
}

Task<Result<SearchResponse>> SearchConversations::find(SearchRequest request, CallContext context) {
    if (Result<void> valid = check_bounds(request); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    if (Result<void> asked = check_question(request); !asked) {
        co_return tl::unexpected<Error>(std::move(asked.error()));
    }
    const ParameterDigest digest = digest_of("search", request);
    Result<CursorPlace> begin;
    if (request.cursor) begin = read_cursor(*request.cursor, digest);
    if (!begin) co_return tl::unexpected<Error>(std::move(begin.error()));
    const std::uint64_t place = begin->number;

    const Result<const TimeZone*> zone =
        settle_days(request.filter, request.days, request.timezone, zones_);
    if (!zone) co_return tl::unexpected<Error>(zone.error());

    const bool passages = request.shape == ResultShape::passages;
    const std::uint64_t offset = passages ? place / kPassagesOfHits : place;
    Result<Ranking> ranking;
    if (is_list(request)) {
        ranking = co_await list_all(request, offset, context);
    } else {
        ranking = co_await rank_all(request, **zone, offset, context);
    }
    if (!ranking) co_return tl::unexpected<Error>(std::move(ranking.error()));

    SearchResponse response;
    response.mode = request.mode;
    response.explain = request.explain;
    response.degraded = ranking->degraded;
    response.shape = request.shape;
    Result<std::optional<std::uint64_t>> next;
    if (passages) {
        next = co_await fill_passages(response, *ranking, request, place, context);
    } else {
        next = co_await fill_rows(response, *ranking, request, place, context);
    }
    if (!next) co_return tl::unexpected<Error>(std::move(next.error()));
    if (*next) response.next_cursor = make_cursor({**next}, digest);
    Result<std::vector<FilterHint>> hints = co_await hints_for(request, response, context);
    if (!hints) co_return tl::unexpected<Error>(std::move(hints.error()));
    response.hints = std::move(*hints);
    response.query = std::move(request.query);
    co_return response;
}

/// Nobody may take a filter that nothing passes for an empty store.
Task<Result<std::vector<FilterHint>>> SearchConversations::hints_for(
    const SearchRequest& request, const SearchResponse& response, const CallContext& context
) {
    const bool found = !response.results.empty() || !response.passages.empty() || request.cursor;
    const bool asks = std::ranges::any_of(kFilterTexts, [&request](auto text) {
        return (request.filter.*text).has_value();
    });
    if (found || !asks) co_return std::vector<FilterHint>();
    co_return co_await repository_.filter_hints(request.filter, context);
}

Task<Result<SearchConversations::Ranking>> SearchConversations::list_all(
    const SearchRequest& request, std::uint64_t offset, const CallContext& context
) {
    TimelineQuery query;
    query.filter = request.filter;
    query.newest_first = request.order != SearchOrder::oldest;
    // One more tells whether another page follows.
    query.limit = std::min(offset + request.top_k + 1, kListedMax);
    Result<std::vector<ChunkPlace>> places =
        co_await repository_.timeline(std::move(query), context);
    if (!places) co_return tl::unexpected<Error>(std::move(places.error()));
    Ranking ranking;
    for (const ChunkPlace& place : *places) {
        ranking.ranked.push_back({ranking.set.candidates.size(), 1.0F, {}});
        Candidate& candidate = ranking.set.candidates.emplace_back();
        candidate.chunk_id = place.chunk_id;
        candidate.conversation_id = place.conversation_id;
    }
    co_return ranking;
}

Task<Result<SearchConversations::Ranking>> SearchConversations::rank_all(
    const SearchRequest& request,
    const TimeZone& zone,
    std::uint64_t offset,
    const CallContext& context
) {
    ChunkQuery query;
    query.filter = request.filter;
    query.zone = &zone;
    query.mode = request.mode;
    query.pool_size = limits::kPoolSize;
    const bool by_time = request.order != SearchOrder::relevance;
    // The newest may stand anywhere among what matches.
    if (by_time || !ends_within_pool(offset + request.top_k)) query.tail_size = limits::kTailSize;

    Ranking ranking;
    if (request.mode != SearchMode::lexical) {
        EmbeddingCalls calls(embeddings_, telemetry_, EmbeddingCaller{kLogger, context.trace.id});
        Result<QueryEmbedding> embedding = co_await calls.query(request.query, context);
        // A search without a vector still finds words, so a dead provider degrades it, not fails
        // it; and chunks of another embedding space are found by words only.
        ranking.degraded = !embedding || !repository_.is_embedded(context.tenant());
        if (embedding) {
            query.embedding = std::move(embedding->vector);
            query.pieces = std::move(embedding->pieces);
        } else if (query.mode == SearchMode::dense) {
            query.mode = SearchMode::lexical;
        }
    }
    if (query.mode != SearchMode::dense) query.terms = search_terms(analyzer_, request.query);

    const SearchMode mode = query.mode;
    const Explain explain = request.explain ? Explain::yes : Explain::no;
    const bool long_ranking = query.tail_size > 0;
    Result<CandidateSet> candidates = co_await repository_.candidates(std::move(query), context);
    if (!candidates) co_return tl::unexpected<Error>(std::move(candidates.error()));

    ranking.set = std::move(*candidates);
    auto job = [ranking = std::move(ranking),
                cues = query_cues(request.query, day_in(zone, clock_())),
                mode,
                order = request.order,
                explain]() mutable -> Result<Ranking> {
        ranking.ranked = rank(ranking.set, cues, mode, explain);
        if (order != SearchOrder::relevance) {
            ranking.ranked = in_time_order(ranking.set, std::move(ranking.ranked), order);
        }
        return std::move(ranking);
    };
    Result<Ranking> ranked;
    if (long_ranking) {
        ranked = co_await compute(work_pool_, context, std::move(job));
        if (!ranked) co_return ranked;
    } else {
        ranked = job();
    }
    if (request.min_score) {
        std::erase_if(ranked->ranked, [&](const Ranked& row) {
            return static_cast<double>(row.score) < *request.min_score;
        });
    }
    co_return ranked;
}

}  // namespace rag
