#include <charconv>

#include "encoding/json.hpp"

namespace rag::encoding {

namespace {

void write_value(JsonWriter& out, const Value& value);

void write_object(JsonWriter& out, const Object& object) {
    out.begin_object();
    for (const Member& member : object.members) {
        out.key(member.name);
        write_value(out, member.value);
    }
    out.end_object();
}

// As deep as what was read, which the reader has bounded.
void write_value(JsonWriter& out, const Value& value) {
    if (const bool* boolean = value.boolean()) {
        out.boolean(*boolean);
    } else if (const Number* number = value.number()) {
        out.raw(number->text);
    } else if (const std::string* text = value.string()) {
        out.string(*text);
    } else if (const Value::Array* items = value.array()) {
        out.begin_array();
        for (const Value& item : *items) write_value(out, item);
        out.end_array();
    } else if (const Object* object = value.object()) {
        write_object(out, *object);
    } else if (const OpaqueObject* opaque = value.opaque()) {
        out.raw(opaque->raw);
    } else {
        out.null();
    }
}

}  // namespace

Value::Value(Object object) : data_(std::make_shared<const Object>(std::move(object))) {}

Value::Value(OpaqueObject object)
    : data_(std::make_shared<const OpaqueObject>(std::move(object))) {}

const Object* Value::object() const {
    const auto* object = std::get_if<std::shared_ptr<const Object>>(&data_);
    return object == nullptr ? nullptr : object->get();
}

const OpaqueObject* Value::opaque() const {
    const auto* object = std::get_if<std::shared_ptr<const OpaqueObject>>(&data_);
    return object == nullptr ? nullptr : object->get();
}

const Value* Value::find(std::string_view name) const {
    const Object* members = object();
    if (members == nullptr) return nullptr;
    for (const Member& member : members->members) {
        if (member.name == name) return &member.value;
    }
    return nullptr;
}

std::optional<std::int64_t> Value::integer() const {
    const Number* spelled = number();
    if (spelled == nullptr) return std::nullopt;
    std::int64_t value = 0;
    const char* end = spelled->text.data() + spelled->text.size();
    const auto [stop, error] = std::from_chars(spelled->text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

std::optional<double> Value::real() const {
    const Number* spelled = number();
    if (spelled == nullptr) return std::nullopt;
    double value = 0;
    const char* end = spelled->text.data() + spelled->text.size();
    const auto [stop, error] = std::from_chars(spelled->text.data(), end, value);
    // What is too small for a double is zero; what is too large, the reader has refused.
    if (stop != end) return std::nullopt;
    return error == std::errc{} ? value : 0.0;
}

std::string Value::to_json() const {
    JsonWriter out;
    write_value(out, *this);
    return out.take();
}

}  // namespace rag::encoding
