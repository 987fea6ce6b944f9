#include "wire/fields.hpp"

#include <algorithm>
#include <charconv>

namespace rag::wire {

namespace {

using encoding::Member;
using encoding::Object;
using encoding::OpaqueObject;
using encoding::Value;

template <class T>
std::optional<T> number_from_text(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

FieldReader::FieldReader(const Value& object, std::string pointer, Form form)
    : object_(object), pointer_(std::move(pointer)), form_(form) {
    if (!object.is_object()) {
        refuse(Error{ErrorCode::invalid_argument, "must be an object", pointer_});
    }
}

const Value* FieldReader::take(std::string_view name) {
    known_.push_back(name);
    const Value* value = object_.find(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string> FieldReader::string(std::string_view name) {
    const Value* value = take(name);
    if (value == nullptr) return std::nullopt;
    if (const std::string* text = value->string()) return *text;
    refuse(name, "must be a string");
    return std::nullopt;
}

std::optional<std::string> FieldReader::string(std::string_view name, std::string_view alias) {
    std::optional<std::string> first = string(name);
    std::optional<std::string> second = string(alias);
    if (first && second) {
        refuse(alias, "is another name of " + std::string(name) + "; send one of them");
    }
    return first ? std::move(first) : std::move(second);
}

std::optional<std::int64_t> FieldReader::integer(
    std::string_view name, std::int64_t smallest, std::int64_t largest
) {
    const Value* value = take(name);
    if (value == nullptr) return std::nullopt;
    const std::optional<std::int64_t> number =
        form_ == Form::json ? value->integer() : number_from_text<std::int64_t>(*value->string());
    if (number && *number >= smallest && *number <= largest) return number;
    refuse(
        name,
        "must be an integer from " + std::to_string(smallest) + " to " + std::to_string(largest)
    );
    return std::nullopt;
}

std::optional<double> FieldReader::real(std::string_view name) {
    const Value* value = take(name);
    if (value == nullptr) return std::nullopt;
    const std::optional<double> number =
        form_ == Form::json ? value->real() : number_from_text<double>(*value->string());
    // from_chars knows "inf" and "nan".
    if (number && *number > -1e308 && *number < 1e308) return number;
    refuse(name, "must be a number");
    return std::nullopt;
}

std::optional<bool> FieldReader::boolean(std::string_view name) {
    const Value* value = take(name);
    if (value == nullptr) return std::nullopt;
    if (const bool* flag = value->boolean()) return *flag;
    if (form_ == Form::query) {
        const std::string& text = *value->string();
        if (text == "true" || text == "1") return true;
        if (text == "false" || text == "0") return false;
    }
    refuse(name, "must be true or false");
    return std::nullopt;
}

std::optional<ConversationId> FieldReader::conversation_id(std::string_view name) {
    const Value* value = take(name);
    if (value == nullptr) return std::nullopt;
    const std::string* text = value->string();
    const std::optional<std::int64_t> number =
        text != nullptr ? number_from_text<std::int64_t>(*text) : value->integer();
    if (number) return ConversationId{*number};
    refuse(name, "must be an id: a 64-bit integer, as a string or a number");
    return std::nullopt;
}

std::optional<Timestamp> FieldReader::timestamp(std::string_view name) {
    const std::optional<std::string> text = string(name);
    if (!text) return std::nullopt;
    std::optional<Timestamp> time = parse_timestamp(*text);
    if (!time) refuse(name, "must be an RFC 3339 time, like 2025-11-07T14:30:45.123Z");
    return time;
}

std::optional<std::variant<Day, Timestamp>> FieldReader::day_or_time(std::string_view name) {
    const std::optional<std::string> text = string(name);
    if (!text) return std::nullopt;
    if (const std::optional<Day> day = parse_day(*text)) return *day;
    if (const std::optional<Timestamp> time = parse_timestamp(*text)) return *time;
    refuse(
        name,
        form_ == Form::json
            ? "must be a date (2025-11-07) or an RFC 3339 time"
            : "must be a date (2025-11-07) or an RFC 3339 time, a plus sign written as %2B"
    );
    return std::nullopt;
}

Metadata FieldReader::metadata(std::string_view name) {
    const Value* value = take(name);
    if (value == nullptr) return {};
    if (const OpaqueObject* object = value->opaque()) {
        return Metadata{.raw = object->raw, .canonical = object->canonical};
    }
    refuse(name, "must be an object");
    return {};
}

const Value::Array* FieldReader::array(std::string_view name) {
    const Value* value = take(name);
    if (value == nullptr) return nullptr;
    const Value::Array* items = value->array();
    if (items == nullptr) refuse(name, "must be an array");
    return items;
}

const Value* FieldReader::object(std::string_view name) {
    const Value* value = take(name);
    if (value == nullptr || value->is_object()) return value;
    refuse(name, "must be an object");
    return nullptr;
}

const Value* FieldReader::any(std::string_view name) { return take(name); }

void FieldReader::refuse(std::string_view name, std::string message) {
    refuse(Error{ErrorCode::invalid_argument, std::move(message), pointer_of(name)});
}

void FieldReader::refuse(Error error) {
    if (!error_) error_ = std::move(error);
}

Result<void> FieldReader::finish() {
    if (error_) return tl::unexpected(std::move(*error_));
    if (const Object* object = object_.object()) {
        for (const Member& member : object->members) {
            if (std::find(known_.begin(), known_.end(), member.name) != known_.end()) continue;
            return fail(
                ErrorCode::invalid_argument,
                form_ == Form::json ? "there is no such field" : "there is no such parameter",
                pointer_of(member.name)
            );
        }
    }
    return {};
}

}  // namespace rag::wire
