#include "encoding/canonical_json.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "canonical.hpp"
#include "encoding/json_text.hpp"

namespace rag::encoding {

namespace {

void append(std::string& out, const Value& value);

void append(std::string& out, const Object& object) {
    std::vector<const Member*> members;
    members.reserve(object.members.size());
    for (const Member& member : object.members) members.push_back(&member);
    std::ranges::sort(members, {}, [](const Member* member) {
        return std::string_view(member->name);
    });
    out += '{';
    for (std::string_view between; const Member* member : members) {
        out += std::exchange(between, ",");
        append_quoted(out, member->name);
        out += ':';
        append(out, member->value);
    }
    out += '}';
}

void append(std::string& out, const Value::Array& items) {
    out += '[';
    for (std::string_view between; const Value& item : items) {
        out += std::exchange(between, ",");
        append(out, item);
    }
    out += ']';
}

// As deep as the reader of JSON lets a value be.
void append(std::string& out, const Value& value) {
    if (const Object* object = value.object()) {
        append(out, *object);
    } else if (const Value::Array* items = value.array()) {
        append(out, *items);
    } else if (const OpaqueObject* opaque = value.opaque()) {
        out += opaque->canonical;
    } else if (const Number* number = value.number()) {
        out += canonical_number(number->text);
    } else if (const std::string* text = value.string()) {
        append_quoted(out, *text);
    } else if (const bool* boolean = value.boolean()) {
        out += *boolean ? "true" : "false";
    } else {
        out += "null";
    }
}

}  // namespace

std::string canonical_json(const Value& value) {
    std::string out;
    append(out, value);
    return out;
}

}  // namespace rag::encoding
