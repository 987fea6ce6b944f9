#include <algorithm>
#include <array>
#include <boost/pfr/tuple_size.hpp>

#include "application/append_messages.hpp"
#include "application/get_conversation.hpp"
#include "application/ingest_conversation.hpp"
#include "application/list_conversations.hpp"
#include "application/parameters.hpp"
#include "application/search_conversations.hpp"
#include "domain/limits.hpp"

/// Every parameter of a request, once. A new one is a row here and the member that it fills; a row
/// without a member, or a member without a row, does not compile. Then scripts/generate_docs.sh.
///
/// `names` are those of the query string, the body, the tool for assistants and the command.
namespace rag {
namespace {

/// Filters of searches and of lists.
template <class Request>
constexpr std::array kFilters{
    ParameterRow<Request>{
        {.names = {"author_name", "filters.author_name", "author_name", "--author-name"},
         .help = "Only what this author said"},
        fills<&Request::filter, &Filter::author_name>},
    ParameterRow<Request>{
        {.names = {"author_type", "filters.author_type", "author_type", "--author-type"},
         .help = "user (= human), assistant (= ai, bot, model), system (= developer), tool (= "
                 "function), or "
                 "any other word"},
        fills<&Request::filter, &Filter::author_type>},
    ParameterRow<Request>{
        {.names =
             {"scenario_title", "filters.scenario_title", "scenario_title", "--scenario-title"},
         .help = "Only conversations of this scenario"},
        fills<&Request::filter, &Filter::scenario_title>},
    ParameterRow<Request>{
        {.names =
             {"conversation_id", "filters.conversation_id", "conversation_id", "--conversation-id"},
         .type = ParameterType::id,
         .help = "Only this conversation"},
        fills<&Request::filter, &Filter::conversation_id>},
    ParameterRow<Request>{
        {.names = {"date_from", "filters.date_from", "date_from", "--date-from"},
         .type = ParameterType::first_day,
         .help = "A date (YYYY-MM-DD) in `timezone`, or an RFC 3339 time; inclusive",
         .told_to_models = true},
        fills_bound<Request, &Filter::date_from, &RequestDays::from>},
    ParameterRow<Request>{
        {.names = {"date_to", "filters.date_to", "date_to", "--date-to"},
         .type = ParameterType::last_day,
         .help = "A date (that whole day in `timezone`) or an RFC 3339 time; inclusive"},
        fills_bound<Request, &Filter::date_to, &RequestDays::to>},
};

/// Whose days are meant, by bounds and by a question.
template <class Request>
constexpr std::array kTimezone{
    ParameterRow<Request>{
        {.names = {"timezone", "timezone", "timezone", "--timezone"},
         .characters_max = limits::kTimezoneCharactersMax,
         .help = "IANA name of the zone whose days are meant, like Europe/Berlin",
         .default_from = "DEFAULT_TIMEZONE"},
        fills<&Request::timezone>},
};

/// What stands before the filters of a search.
constexpr std::array kSearchBegin{
    ParameterRow<SearchRequest>{
        {.names = {"q", "query", "q", "QUERY"},
         .characters_max = limits::kQueryCharactersMax,
         .other_names = {.query = "query", .body = "q"},
         .help = "What to find; without it (or with *) messages by time",
         .told_to_models = true},
        fills<&SearchRequest::query>},
    ParameterRow<SearchRequest>{
        {.names = {"top_k", "top_k", "top_k", "--top-k"},
         .type = ParameterType::integer,
         .smallest = 1,
         .largest = limits::kRowsMax,
         .help = "Results wanted",
         .default_from = "VECTOR_SEARCH_TOP_K"},
        fills<&SearchRequest::top_k>},
};

/// What stands behind them.
constexpr std::array kSearchEnd{
    ParameterRow<SearchRequest>{
        {.names = {"min_score", "filters.min_score", "min_score", "--min-score"},
         .type = ParameterType::number,
         .largest = 1,
         .other_names = {.body = "min_score"},
         .is_filter = true,
         .help = "Leaves out what scores less"},
        fills<&SearchRequest::min_score>},
    ParameterRow<SearchRequest>{
        {.names = {"mode", "mode", "mode", "--mode"},
         .type = ParameterType::choice,
         .choices = kSearchModeNames,
         .help = "By meaning and words, by meaning, by words"},
        fills<&SearchRequest::mode>},
    ParameterRow<SearchRequest>{
        {.names = {"context", "context", "context", "--context"},
         .type = ParameterType::integer,
         .largest = limits::kContextMax,
         .help = "Messages shown before and after each result"},
        fills<&SearchRequest::context>},
    ParameterRow<SearchRequest>{
        {.names = {"max_tokens", "max_tokens", "max_tokens", "--max-tokens"},
         .type = ParameterType::integer,
         .smallest = 1,
         .help = "Upper bound for the text of all results, in the embedding model's tokens"},
        fills<&SearchRequest::max_tokens>},
    ParameterRow<SearchRequest>{
        {.names = {"sort", "sort", "sort", "--sort"},
         .type = ParameterType::choice,
         .choices = kSearchOrderNames,
         .help = "The likeliest answers first, or what may be an answer in order of time"},
        fills<&SearchRequest::order>},
    ParameterRow<SearchRequest>{
        {.names = {"cursor", "cursor", "cursor", "--cursor"},
         .help = "Where the page before ended: its next_cursor",
         .names_page = true},
        fills<&SearchRequest::cursor>},
    ParameterRow<SearchRequest>{
        {.names = {"explain", "explain", "", "--explain"},
         .type = ParameterType::flag,
         .help = "Tells how each score came about"},
        fills<&SearchRequest::explain>},
    ParameterRow<SearchRequest>{
        {.names = {"shape", "shape", "", "--shape"},
         .type = ParameterType::choice,
         .choices = kResultShapeNames,
         .help = "Rows as they were found, or passages to read: hits with their context, merged"},
        fills<&SearchRequest::shape>},
};

constexpr std::array kListBegin{
    ParameterRow<ListRequest>{
        {.names = {"skip", "", "skip", "--skip"},
         .type = ParameterType::integer,
         .help = "Conversations to leave out at the start"},
        fills<&ListRequest::skip>},
    ParameterRow<ListRequest>{
        {.names = {"limit", "", "limit", "--limit"},
         .type = ParameterType::integer,
         .smallest = 1,
         .largest = limits::kRowsMax,
         .help = "Conversations wanted"},
        fills<&ListRequest::limit>},
};

constexpr std::array kListEnd{
    ParameterRow<ListRequest>{
        {.names = {"external_id", "", "external_id", "--external-id"},
         .help = "Only the conversation that its sender calls so"},
        fills<&ListRequest::external_id>},
    ParameterRow<ListRequest>{
        {.names = {"sort", "", "sort", "--sort"},
         .type = ParameterType::choice,
         .choices = kListOrderNames,
         .help = "By the time of the last message, or of the first write; the newest first"},
        fills<&ListRequest::order>},
    ParameterRow<ListRequest>{
        {.names = {"cursor", "", "cursor", "--cursor"},
         .help = "Where the page before ended",
         .names_page = true},
        fills<&ListRequest::cursor>},
};

/// A conversation's messages. Its id is part of a path, and of a command the argument.
constexpr std::array kMessages{
    ParameterRow<MessagesRequest>{
        {.names = {"", "", "conversation_id", ""},
         .type = ParameterType::id,
         .help = "Id of the conversation",
         .required = true},
        fills<&MessagesRequest::conversation_id>},
    ParameterRow<MessagesRequest>{
        {.names = {"from", "", "from", "--from"},
         .type = ParameterType::integer,
         .help = "Index of the first message wanted; from 0"},
        fills<&MessagesRequest::from>},
    ParameterRow<MessagesRequest>{
        {.names = {"to", "", "to", "--to"},
         .type = ParameterType::integer,
         .help = "Index of the last message wanted; inclusive"},
        fills<&MessagesRequest::to>},
    ParameterRow<MessagesRequest>{
        {.names = {"", "", "cursor", ""},
         .help = "Where the part before ended",
         .names_page = true},
        fills<&MessagesRequest::cursor>},
};

/// Of whatever brings text.
template <class Request>
constexpr std::array kTexts{
    ParameterRow<Request>{
        {.names = {"on_invalid", "", "on_invalid", "--on-invalid"},
         .type = ParameterType::choice,
         .choices = kOnInvalidNames,
         .help = "What to do with characters that no text can hold (NUL, half of a surrogate pair, "
                 "bytes that are no UTF-8): refuse them, or put U+FFFD in their place"},
        fills<&Request::on_invalid>},
};

/// Of an ingest, beside its body.
constexpr std::array kIngestOnly{
    ParameterRow<IngestRequest>{
        {.names = {"if_exists", "", "if_exists", "--if-exists"},
         .type = ParameterType::choice,
         .choices = kIfExistsNames,
         .help = "What to do where the external_id is known and the messages differ"},
        fills<&IngestRequest::if_exists>},
};

template <class Request, std::size_t... kSizes>
constexpr auto joined(const std::array<ParameterRow<Request>, kSizes>&... parts) {
    std::array<ParameterRow<Request>, (kSizes + ...)> all{};
    auto place = all.begin();
    ((place = std::copy(parts.begin(), parts.end(), place)), ...);
    return all;
}

/// Lists are asked for without a body.
template <class Request, std::size_t kSize>
constexpr auto of_lists(std::array<ParameterRow<Request>, kSize> rows) {
    for (ParameterRow<Request>& row : rows) {
        row.parameter.names.body = {};
        row.parameter.other_names = {};
        row.parameter.told_to_models = false;  // The tool that searches has told it.
    }
    return rows;
}

/// In a body, filters may stand beside `filters` as well.
template <class Request, std::size_t kSize>
constexpr auto of_filters(std::array<ParameterRow<Request>, kSize> rows) {
    for (ParameterRow<Request>& row : rows) {
        row.parameter.is_filter = true;
        row.parameter.other_names.body = row.parameter.names.query;
    }
    return rows;
}

constexpr auto kSearch =
    joined(kSearchBegin, of_filters(kFilters<SearchRequest>), kTimezone<SearchRequest>, kSearchEnd);
constexpr auto kList = joined(
    kListBegin,
    of_lists(of_filters(kFilters<ListRequest>)),
    of_lists(kTimezone<ListRequest>),
    kListEnd
);

constexpr auto kIngest = joined(kIngestOnly, kTexts<IngestRequest>);
constexpr auto kAppend = kTexts<AppendRequest>;

template <class Struct>
constexpr std::size_t kMembers = boost::pfr::tuple_size_v<Struct>;

static_assert(kFilters<SearchRequest>.size() == kMembers<Filter>, "a row for each filter");
// A request's filter and its bare dates share rows.
static_assert(kSearch.size() == kMembers<SearchRequest> - 2 + kMembers<Filter>);
static_assert(kList.size() == kMembers<ListRequest> - 2 + kMembers<Filter>);
static_assert(kIngest.size() == kMembers<IngestRequest>);
static_assert(kAppend.size() == kMembers<AppendRequest>);
static_assert(kMessages.size() == kMembers<MessagesRequest>);

}  // namespace

template <>
std::span<const ParameterRow<SearchRequest>> parameter_rows() {
    return kSearch;
}

template <>
std::span<const ParameterRow<ListRequest>> parameter_rows() {
    return kList;
}

template <>
std::span<const ParameterRow<IngestRequest>> parameter_rows() {
    return kIngest;
}

template <>
std::span<const ParameterRow<AppendRequest>> parameter_rows() {
    return kAppend;
}

template <>
std::span<const ParameterRow<MessagesRequest>> parameter_rows() {
    return kMessages;
}

}  // namespace rag
