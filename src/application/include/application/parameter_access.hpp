#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "domain/search.hpp"

/// How a parameter reaches the member of a request that it fills.
namespace rag {

/// A parameter's value; the first of them where it is absent.
using ParameterValue = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// Reads and fills one member of a request.
template <class Request>
struct ParameterAccess {
    ParameterValue (*get)(const Request&);
    /// `value` is of the kind that the parameter's type has.
    void (*set)(Request&, ParameterValue value);
};

namespace access {

inline ParameterValue value_of(bool flag) { return flag; }
inline ParameterValue value_of(std::int64_t number) { return number; }
inline ParameterValue value_of(std::size_t number) { return static_cast<std::int64_t>(number); }
inline ParameterValue value_of(double number) { return number; }
inline ParameterValue value_of(const std::string& text) { return text; }
inline ParameterValue value_of(ConversationId id) { return id.value; }
inline ParameterValue value_of(Timestamp time) { return time.ms; }
inline ParameterValue value_of(SearchMode mode) { return std::string(name_of(mode)); }
inline ParameterValue value_of(ResultShape shape) { return std::string(name_of(shape)); }
inline ParameterValue value_of(AuthorClass type) { return static_cast<std::int64_t>(type); }
template <class T>
ParameterValue value_of(const std::optional<T>& member) {
    return member ? value_of(*member) : ParameterValue();
}

inline void fill(bool& member, ParameterValue value) { member = std::get<bool>(value); }
inline void fill(std::int64_t& member, ParameterValue value) {
    member = std::get<std::int64_t>(value);
}
inline void fill(std::size_t& member, ParameterValue value) {
    member = static_cast<std::size_t>(std::get<std::int64_t>(value));
}
inline void fill(double& member, ParameterValue value) { member = std::get<double>(value); }
inline void fill(std::string& member, ParameterValue value) {
    member = std::get<std::string>(std::move(value));
}
inline void fill(ConversationId& member, ParameterValue value) {
    member.value = std::get<std::int64_t>(value);
}
inline void fill(Timestamp& member, ParameterValue value) {
    member.ms = std::get<std::int64_t>(value);
}
inline void fill(SearchMode& member, ParameterValue value) {
    for (const SearchMode mode : kSearchModes) {
        if (name_of(mode) == std::get<std::string>(value)) member = mode;
    }
}
inline void fill(ResultShape& member, ParameterValue value) {
    for (const ResultShape shape : kResultShapes) {
        if (name_of(shape) == std::get<std::string>(value)) member = shape;
    }
}
inline void fill(AuthorClass& member, ParameterValue value) {
    // A type that nothing has is no error: it finds nothing.
    member = author_class(std::get<std::string>(value)).value_or(AuthorClass::unknown);
}
template <class T>
void fill(std::optional<T>& member, ParameterValue value) {
    fill(member.emplace(), std::move(value));
}

template <class Class, class Member>
Class class_of(Member Class::*);
template <auto First>
using ClassOf = decltype(class_of(First));

}  // namespace access

/// The member that a row fills, directly or in a part of the request:
/// `fills<&SearchRequest::top_k>`, `fills<&SearchRequest::filter, &Filter::author_name>`.
template <auto First, auto... Rest>
inline constexpr ParameterAccess<access::ClassOf<First>> fills{
    [](const access::ClassOf<First>& request) {
        return access::value_of(((request.*First).*....*Rest));
    },
    [](access::ClassOf<First>& request, ParameterValue value) {
        access::fill(((request.*First).*....*Rest), std::move(value));
    }};

}  // namespace rag
