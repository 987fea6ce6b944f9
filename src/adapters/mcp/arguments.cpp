#include "arguments.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "text_cut.hpp"
#include "wire/near_name.hpp"

namespace rag::mcp {
namespace {

using encoding::Member;
using encoding::Value;

constexpr std::size_t kToldMax = 20;
constexpr std::size_t kNameCharactersMax = 60;

const Argument* find(const std::vector<Argument>& known, std::string_view name) {
    const auto found = std::ranges::find(known, name, &Argument::name);
    return found == known.end() ? nullptr : &*found;
}

/// By its name, by the other name that a query has, or in camelCase.
const Argument* resolve(const std::vector<Argument>& known, std::string_view name) {
    if (const Argument* same = find(known, name)) return same;
    if (name == "query") return find(known, "q");
    if (name == "q") return find(known, "query");
    return find(known, wire::snake_case(name));
}

bool is_given(const encoding::Object& object, std::string_view name) {
    return std::ranges::any_of(object.members, [&](const Member& member) {
        return member.name == name && !member.value.is_null();
    });
}

/// The known name that was probably meant, if it is not there as well.
std::optional<std::string_view> meant(
    const std::vector<Argument>& known, const encoding::Object& object, std::string_view name
) {
    for (const Argument& argument : known) {
        const bool near = wire::is_near_name(name, argument.name);
        if (near && !is_given(object, argument.name)) return argument.name;
    }
    return std::nullopt;
}

/// The JSON value that a text spells, if it does.
std::optional<Value> spelled(std::string_view name, const std::string& text) {
    // Within an object, for metadata is kept as text wherever it is read.
    std::string holder = "{";
    encoding::JsonWriter key;
    key.string(name);
    holder.append(key.text()).append(":").append(text).append("}");
    Result<Value> parsed = encoding::parse_json(holder);
    if (!parsed || parsed->object()->members.size() != 1) return std::nullopt;
    return std::move(parsed->object()->members[0].value);
}

/// "3", "3.0" and 3.0 as 3.
std::optional<Value> whole(const Value& value) {
    const std::optional<double> real = value.real();
    constexpr double kExact = 9'007'199'254'740'992.0;  // Above it a double has no units.
    if (!real || std::abs(*real) > kExact || std::floor(*real) != *real) return std::nullopt;
    if (value.integer()) return value;
    return Value(encoding::Number{std::to_string(static_cast<std::int64_t>(*real))});
}

std::optional<Value> as_number(std::string_view name, const Value& value) {
    if (value.number() != nullptr) return value;
    if (value.string() == nullptr || value.string()->size() > 32) return std::nullopt;
    std::optional<Value> read = spelled(name, *value.string());
    return read && read->number() != nullptr ? read : std::nullopt;
}

/// The value as the kind wants it; nullopt: it is as it should be, or cannot be understood.
std::optional<Value> understood(const Argument& argument, const Value& value) {
    switch (argument.kind) {
        case ArgumentKind::integer: {
            const std::optional<Value> number = as_number(argument.name, value);
            return number ? whole(*number) : std::nullopt;
        }
        case ArgumentKind::number:
            return as_number(argument.name, value);
        case ArgumentKind::id: {
            if (value.number() == nullptr) return std::nullopt;
            const std::optional<Value> number = whole(value);
            return number ? Value(number->number()->text) : std::optional<Value>();
        }
        case ArgumentKind::flag:
            if (value.string() != nullptr && *value.string() == "true") return Value(true);
            if (value.string() != nullptr && *value.string() == "false") return Value(false);
            return std::nullopt;
        case ArgumentKind::object:
        case ArgumentKind::array:
            return value.string() == nullptr ? std::nullopt
                                             : spelled(argument.name, *value.string());
        case ArgumentKind::text:
            break;
    }
    return std::nullopt;
}

/// An empty text is what models send for what they do not mean; of what is required it is refused.
bool is_absent(const Argument& argument, const Member& member) {
    if (member.value.is_null()) return true;
    if (argument.required && member.name == argument.name) return false;
    return member.value.string() != nullptr && member.value.string()->empty();
}

tl::unexpected<Error> invalid(std::string_view name, std::string message) {
    return fail(ErrorCode::invalid_argument, std::move(message), encoding::child_pointer("", name));
}

}  // namespace

Result<TidyArguments> tidy_arguments(const std::vector<Argument>& known, const Value& given) {
    TidyArguments tidy;
    encoding::Object kept;
    for (const Member& member : given.object()->members) {
        const Argument* argument = resolve(known, member.name);
        if (argument == nullptr) {
            if (const auto name = meant(known, *given.object(), member.name)) {
                return invalid(member.name, "did you mean " + std::string(*name) + "?");
            }
            if (tidy.ignored.size() == kToldMax) continue;
            tidy.ignored.emplace_back(first_characters(member.name, kNameCharactersMax));
            continue;
        }
        if (is_absent(*argument, member)) continue;
        const std::string name(argument->name);
        if (std::ranges::find(kept.members, name, &Member::name) != kept.members.end()) {
            return invalid(member.name, "is another name of " + name + "; send one of them");
        }
        std::optional<Value> value = understood(*argument, member.value);
        kept.members.push_back(Member{name, value ? std::move(*value) : member.value});
    }
    tidy.arguments = Value(std::move(kept));
    return tidy;
}

}  // namespace rag::mcp
