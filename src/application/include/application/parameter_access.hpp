#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "application/request_days.hpp"
#include "domain/correction.hpp"
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
inline ParameterValue value_of(ListOrder order) { return std::string(name_of(order)); }
inline ParameterValue value_of(IfExists what) { return std::string(name_of(what)); }
inline ParameterValue value_of(SearchOrder order) { return std::string(name_of(order)); }
inline ParameterValue value_of(OnInvalid what) { return std::string(name_of(what)); }
inline ParameterValue value_of(ResultShape shape) { return std::string(name_of(shape)); }
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
inline void fill(ListOrder& member, ParameterValue value) {
    for (const ListOrder order : kListOrders) {
        if (name_of(order) == std::get<std::string>(value)) member = order;
    }
}
inline void fill(IfExists& member, ParameterValue value) {
    for (const IfExists what : kIfExists) {
        if (name_of(what) == std::get<std::string>(value)) member = what;
    }
}
inline void fill(SearchOrder& member, ParameterValue value) {
    for (const SearchOrder order : kSearchOrders) {
        if (name_of(order) == std::get<std::string>(value)) member = order;
    }
}
inline void fill(OnInvalid& member, ParameterValue value) {
    for (const OnInvalid what : kOnInvalid) {
        if (name_of(what) == std::get<std::string>(value)) member = what;
    }
}
inline void fill(ResultShape& member, ParameterValue value) {
    for (const ResultShape shape : kResultShapes) {
        if (name_of(shape) == std::get<std::string>(value)) member = shape;
    }
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

/// A bound of a date filter. A time (milliseconds) fills the filter; a bare date (its text) is kept
/// as a day until `settle_days` knows where.
template <class Request, auto kTime, auto kDay>
inline constexpr ParameterAccess<Request> fills_bound{
    [](const Request& request) {
        const std::optional<Day>& day = request.days.*kDay;
        return day ? ParameterValue(format_day(*day)) : access::value_of(request.filter.*kTime);
    },
    [](Request& request, ParameterValue value) {
        if (const auto* text = std::get_if<std::string>(&value)) {
            request.days.*kDay = parse_day(*text);
        } else {
            access::fill(request.filter.*kTime, std::move(value));
        }
    }};

}  // namespace rag
