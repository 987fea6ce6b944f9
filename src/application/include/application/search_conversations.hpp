#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "application/call_context.hpp"
#include "application/passages.hpp"
#include "application/ports/conversation_repository.hpp"
#include "application/ports/embedding_provider.hpp"
#include "application/ports/telemetry.hpp"
#include "application/ports/work_pool.hpp"
#include "application/request_days.hpp"
#include "application/search_result.hpp"
#include "domain/limits.hpp"
#include "domain/ranking.hpp"

namespace rag {

struct SearchRequest {
    std::string query = {};
    std::size_t top_k = limits::kTopKDefault;
    Filter filter = {};
    RequestDays days = {};                     // Bare dates, for `filter` in `timezone`.
    std::optional<std::string> timezone = {};  // An IANA name; absent: the configured zone.
    std::optional<double> min_score = {};
    SearchMode mode = SearchMode::hybrid;
    std::size_t context = 0;
    std::optional<std::size_t> max_tokens = {};
    std::optional<std::string> cursor = {};
    bool explain = false;
    ResultShape shape = ResultShape::rows;
    SearchOrder order = SearchOrder::relevance;
};

/// What a tool searches for if it is told nothing else: its reader is a model with little room.
/// `max_tokens` bounds the tool's whole result there.
inline SearchRequest search_of_tools() {
    return {
        .top_k = limits::kToolTopKDefault,
        .context = limits::kToolContextDefault,
        .max_tokens = limits::kToolTokensDefault,
        .shape = ResultShape::passages};
}

/// What a person at a shell is shown if he asks for nothing else.
inline SearchRequest search_of_commands() {
    return {.context = limits::kToolContextDefault, .shape = ResultShape::passages};
}

struct SearchResponse {
    std::string query;
    SearchMode mode = SearchMode::hybrid;  // As asked for.
    bool degraded = false;                 // All, or chunks without a vector: by words alone.
    bool truncated = false;                // `max_tokens` or kReadBytesMax left something out.
    std::optional<std::string> next_cursor;
    double execution_time_ms = 0;
    bool explain = false;
    ResultShape shape = ResultShape::rows;
    std::vector<SearchResult> results;  // One of the two, as `shape` says.
    std::vector<Passage> passages;
    std::vector<FilterHint> hints;  // Where there are no results.
};

/// Finds chunks by meaning and by words; without a question lists those that pass the filter, in
/// order of time, each with score 1.
class SearchConversations {
public:
    SearchConversations(
        ConversationRepository& repository,
        EmbeddingProvider& embeddings,
        Telemetry& telemetry,
        WorkPool& work_pool,
        const TermAnalyzer& analyzer,
        WallClock clock,  // What "yesterday" in a question is counted from.
        const TimeZones& zones
    );

    /// `invalid_argument` with the field's pointer (a cursor made for other parameters too; neither
    /// a question nor a filter nor an order).
    /// A provider that is down degrades the search to words, it does not fail it.
    Task<Result<SearchResponse>> run(SearchRequest request, CallContext context);

private:
    struct Ranking;
    struct Page;

    Task<Result<SearchResponse>> find(SearchRequest request, CallContext context);
    Task<Result<Ranking>> rank_all(
        const SearchRequest& request,
        const TimeZone& zone,
        std::uint64_t offset,
        const CallContext& context
    );
    Task<Result<Ranking>> list_all(
        const SearchRequest& request, std::uint64_t offset, const CallContext& context
    );
    Task<Result<std::vector<FilterHint>>> hints_for(
        const SearchRequest& request, const SearchResponse& response, const CallContext& context
    );
    Task<Result<Page>> load_rows(
        const Ranking& ranking,
        const SearchRequest& request,
        std::uint64_t offset,
        const CallContext& context
    );
    Task<Result<std::optional<std::uint64_t>>> fill_rows(
        SearchResponse& response,
        const Ranking& ranking,
        const SearchRequest& request,
        std::uint64_t offset,
        const CallContext& context
    );
    Task<Result<std::optional<std::uint64_t>>> fill_passages(
        SearchResponse& response,
        const Ranking& ranking,
        const SearchRequest& request,
        std::uint64_t place,
        const CallContext& context
    );
    Task<Result<std::vector<StoredMessage>>> messages_of(
        const SearchResult& hit, const PassageSpan& span, std::size_t bytes_max, CallContext context
    );
    Task<Result<std::uint64_t>> load_page(
        SearchResponse& response,
        const Ranking& ranking,
        const SearchRequest& request,
        std::uint64_t offset,
        const CallContext& context
    );

    ConversationRepository& repository_;
    EmbeddingProvider& embeddings_;
    Telemetry& telemetry_;
    WorkPool& work_pool_;
    const TermAnalyzer& analyzer_;
    WallClock clock_;
    const TimeZones& zones_;
};

}  // namespace rag
