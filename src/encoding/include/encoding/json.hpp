#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "domain/error.hpp"

/// JSON as it comes in (`Value`, `parse_json`) and as it goes out (`JsonWriter`).
namespace rag::encoding {

struct Member;
struct Object;

/// A number, spelled as it was sent, so that no digit is lost.
struct Number {
    std::string text;
};

/// An object named "metadata": checked like everything else, but kept as text instead of a tree, so
/// that it can be stored as it was sent, and so that a body full of it costs no more than its
/// bytes.
struct OpaqueObject {
    std::string raw;        // As it was sent.
    std::string canonical;  // Equal content, equal text: keys sorted, no white space, one spelling.
};

/// One JSON value that was read. Immutable.
class Value {
public:
    using Array = std::vector<Value>;

    Value() = default;  // null
    explicit Value(bool boolean) : data_(boolean) {}
    explicit Value(const char*) = delete;  // Would be a boolean.
    explicit Value(Number number) : data_(std::move(number)) {}
    explicit Value(std::string text) : data_(std::move(text)) {}
    explicit Value(Array items) : data_(std::move(items)) {}
    explicit Value(Object object);
    explicit Value(OpaqueObject object);

    bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
    bool is_object() const { return object() != nullptr; }  // Not one that is opaque.

    const bool* boolean() const { return std::get_if<bool>(&data_); }
    const Number* number() const { return std::get_if<Number>(&data_); }
    const std::string* string() const { return std::get_if<std::string>(&data_); }
    const Array* array() const { return std::get_if<Array>(&data_); }
    const Object* object() const;
    const OpaqueObject* opaque() const;

    /// Member of an object; nullptr if this is no object or has none of that name.
    const Value* find(std::string_view name) const;

    /// A number without fraction and exponent that fits; nullopt for anything else.
    std::optional<std::int64_t> integer() const;
    /// Any number, as the nearest double.
    std::optional<double> real() const;

    /// This value as compact JSON text; numbers as they were spelled, metadata verbatim.
    std::string to_json() const;

private:
    std::variant<
        std::monostate,
        bool,
        Number,
        std::string,
        Array,
        std::shared_ptr<const Object>,  // Shared, so that values can be copied; never changed.
        std::shared_ptr<const OpaqueObject>>
        data_;
};

struct Member {
    std::string name;
    Value value;
};

struct Object {
    std::vector<Member> members;  // In the order they were sent.
};

struct JsonLimits {
    std::size_t depth_max;
    /// Values outside of metadata. More than any valid body holds; it keeps the tree of a hostile
    /// one ("[0,0,0,...") from taking fifty times its bytes.
    std::size_t values_max;
};

/// The limits of everything that comes in.
JsonLimits default_json_limits();

/// Reads one JSON text; a byte order mark before it is skipped. `invalid_argument` with the pointer
/// of the place for: an empty text, bytes after the value, invalid UTF-8, a NUL (raw or escaped), a
/// lone surrogate, a doubled key (in metadata too), a number that is no finite double, and what
/// exceeds the limits.
Result<Value> parse_json(std::string_view text, const JsonLimits& limits = default_json_limits());

/// Characters of one string (or key) in whose place U+FFFD stands.
struct Replacement {
    std::string pointer;  // Of the string, or of the member whose key it is.
    std::size_t count = 0;
};

struct ReplacedJson {
    Value value;
    std::vector<Replacement> replaced;  // In the order of the text.
};

/// Alike, but in strings U+FFFD stands in place of a NUL, a lone surrogate or a byte that is no
/// UTF-8. For texts that `parse_json` has refused.
Result<ReplacedJson> parse_json_replacing(
    std::string_view text, const JsonLimits& limits = default_json_limits()
);

/// `parent` + "/" + `name`, escaped as RFC 6901 wants.
std::string child_pointer(std::string_view parent, std::string_view name);
std::string child_pointer(std::string_view parent, std::size_t index);

/// Writes compact JSON into a string. What must come out byte for byte (metadata) goes in by `raw`,
/// which is why this is not a library's serializer. The caller keeps begin and end in pairs.
class JsonWriter {
public:
    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);

    JsonWriter& null();
    JsonWriter& boolean(bool value);
    JsonWriter& integer(std::int64_t value);
    /// Shortest digits that give the same value back, without an exponent where that is readable.
    JsonWriter& real(double value);
    /// Alike, for a value that is only known as a float: 0.83, not 0.8299999833106995.
    JsonWriter& real(float value);
    JsonWriter& string(std::string_view value);
    /// A JSON text, as it stands.
    JsonWriter& raw(std::string_view json);

    /// Key and value at once; `string` writes null for nullopt.
    JsonWriter& member(std::string_view name, std::string_view value);
    template <std::same_as<std::optional<std::string>> T>  // Else a plain string would fit twice.
    JsonWriter& member(std::string_view name, const T& value) {
        return value ? member(name, std::string_view(*value)) : key(name).null();
    }
    JsonWriter& member(std::string_view name, std::int64_t value);
    JsonWriter& flag(std::string_view name, bool value);
    /// An id: a 64-bit integer as a string.
    JsonWriter& id(std::string_view name, std::int64_t value);

    const std::string& text() const { return out_; }
    std::string take() { return std::move(out_); }

private:
    void separate();

    std::string out_;
    bool needs_comma_ = false;
};

}  // namespace rag::encoding
