#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/conversation.hpp"
#include "domain/time.hpp"
#include "wire/json.hpp"

namespace rag::wire {

/// Reads the fields of one object by name: first every field, then `finish`, which tells the first
/// thing that was wrong, a field that nobody asked for included. A field that is null is absent.
class FieldReader {
public:
    /// How values are spelled: JSON types, or query parameters, where all is text.
    enum class Form : std::uint8_t { json, query };

    /// `object` outlives the reader. `pointer`: where the object stands in the body.
    FieldReader(const Value& object, std::string pointer, Form form = Form::json);

    std::optional<std::string> string(std::string_view name);
    /// One field that has two names; both together are refused.
    std::optional<std::string> string(std::string_view name, std::string_view alias);
    std::optional<std::int64_t> integer(
        std::string_view name, std::int64_t smallest, std::int64_t largest
    );
    std::optional<double> real(std::string_view name);
    std::optional<bool> boolean(std::string_view name);
    std::optional<ConversationId> conversation_id(std::string_view name);
    std::optional<Timestamp> timestamp(std::string_view name);
    std::optional<Timestamp> date_bound(std::string_view name, DateBound bound);
    Metadata metadata(std::string_view name);
    const Value::Array* array(std::string_view name);
    /// The object of that name; nullptr if absent. What it holds is read by another reader.
    const Value* object(std::string_view name);
    /// Any value.
    const Value* any(std::string_view name);

    /// Remembers an error of the caller, unless there is one already.
    void refuse(std::string_view name, std::string message);
    void refuse(Error error);
    std::string pointer_of(std::string_view name) const { return child_pointer(pointer_, name); }

    /// What was wrong first, or the first field that no call above has named.
    Result<void> finish();

private:
    const Value* take(std::string_view name);

    const Value& object_;
    std::string pointer_;
    Form form_;
    std::vector<std::string_view> known_;
    std::optional<Error> error_;
};

/// The parameters of a query string ("q=x&top_k=5", "+" is a space) as an object of strings.
/// `invalid_argument` for a broken escape, invalid UTF-8, a NUL and a doubled parameter.
Result<Value> parse_query_string(std::string_view query);

/// Undoes percent-encoding; nullopt: a broken escape. `plus_is_space`: as in a query string.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
/// Encodes all but unreserved characters.
std::string percent_encode(std::string_view text);

}  // namespace rag::wire
