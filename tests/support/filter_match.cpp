#include "support/filter_match.hpp"

#include <string_view>

#include "text/normalize.hpp"

namespace rag::test {
namespace {

bool equal(const std::optional<std::string>& wanted, const std::optional<std::string>& value) {
    if (!wanted) return true;
    return value && text::fold(*wanted) == text::fold(*value);
}

bool matches_author(
    const Filter& filter,
    const std::optional<std::string>& name,
    const std::optional<std::string>& type
) {
    if (!equal(filter.author_name, name)) return false;
    if (!filter.author_type) return true;
    return type && text::author_form(type) == text::author_form(filter.author_type);
}

bool has_date_filter(const Filter& filter) { return filter.date_from || filter.date_to; }

bool matches_date(const Filter& filter, const std::optional<Timestamp>& time) {
    if (!has_date_filter(filter)) return true;
    if (!time) return false;
    return (!filter.date_from || *time >= *filter.date_from) &&
           (!filter.date_to || *time <= *filter.date_to);
}

}  // namespace

bool matches(const Filter& filter, ConversationId id, const ConversationHeader& header) {
    if (filter.conversation_id && *filter.conversation_id != id) return false;
    return equal(filter.scenario_title, header.scenario_title);
}

bool matches(const Filter& filter, const Message& message) {
    return matches_author(filter, message.author_name, message.author_type) &&
           matches_date(filter, message.timestamp);
}

bool matches(const Filter& filter, const Chunk& chunk, const std::vector<Message>& messages) {
    if (!matches_author(filter, chunk.author_name, chunk.author_type)) return false;
    for (std::int32_t index = chunk.message_start; index <= chunk.message_end; ++index) {
        if (matches_date(filter, messages[static_cast<std::size_t>(index)].timestamp)) return true;
    }
    return false;
}

}  // namespace rag::test
