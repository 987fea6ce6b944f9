#include "plain_json.hpp"

#include <utility>

#include "encoding/json.hpp"

namespace rag::mcp {
namespace {

using encoding::Member;
using encoding::Value;

bool says_nothing(const Member& member) {
    const Value& value = member.value;
    if (value.is_null()) return true;
    if (const std::string* text = value.string()) {
        return text->empty() && member.name != "content" && member.name != "text";
    }
    if (const encoding::OpaqueObject* metadata = value.opaque()) return metadata->canonical == "{}";
    return value.object() != nullptr && value.object()->members.empty();
}

// As deep as what we write ourselves, metadata not counted.
Value pruned(const Value& value) {
    if (const Value::Array* items = value.array()) {
        Value::Array kept;
        kept.reserve(items->size());
        for (const Value& item : *items) kept.push_back(pruned(item));
        return Value(std::move(kept));
    }
    if (value.object() == nullptr) return value;
    encoding::Object kept;
    for (const Member& member : value.object()->members) {
        if (!says_nothing(member)) kept.members.push_back({member.name, pruned(member.value)});
    }
    return Value(std::move(kept));
}

}  // namespace

std::string without_empty(std::string_view json) {
    const Result<Value> value = encoding::parse_json(json);
    return value ? pruned(*value).to_json() : std::string(json);
}

}  // namespace rag::mcp
