#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/conversation.hpp"
#include "domain/time.hpp"
#include "encoding/json.hpp"

namespace rag::wire {

/// Reads the fields of one object by name: first every field, then `finish`, which tells the first
/// thing that was wrong, a field that nobody asked for included. A field that is null is absent.
class FieldReader {
public:
    /// How values are spelled: JSON types, or query parameters, where all is text.
    enum class Form : std::uint8_t { json, query };

    /// `object` outlives the reader. `pointer`: where the object stands in the body.
    FieldReader(const encoding::Value& object, std::string pointer, Form form = Form::json);

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
    /// A bare date, or a time; an error names both.
    std::optional<std::variant<Day, Timestamp>> day_or_time(std::string_view name);
    Metadata metadata(std::string_view name);
    const encoding::Value::Array* array(std::string_view name);
    /// The object of that name; nullptr if absent. What it holds is read by another reader.
    const encoding::Value* object(std::string_view name);
    /// Any value.
    const encoding::Value* any(std::string_view name);

    /// Remembers an error of the caller, unless there is one already.
    void refuse(std::string_view name, std::string message);
    void refuse(Error error);
    std::string pointer_of(std::string_view name) const {
        return encoding::child_pointer(pointer_, name);
    }

    /// What was wrong first, or the first field that no call above has named.
    Result<void> finish();

private:
    const encoding::Value* take(std::string_view name);

    const encoding::Value& object_;
    std::string pointer_;
    Form form_;
    std::vector<std::string_view> known_;
    std::optional<Error> error_;
};

}  // namespace rag::wire
