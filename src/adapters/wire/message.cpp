#include "wire/message.hpp"

#include <algorithm>

namespace rag::wire {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view find_header(const std::vector<Header>& headers, std::string_view name) {
    for (const Header& header : headers) {
        const bool same = std::equal(
            header.name.begin(),
            header.name.end(),
            name.begin(),
            name.end(),
            [](char a, char b) { return lower(a) == lower(b); }
        );
        if (same) return header.value;
    }
    return {};
}

}  // namespace

std::string_view Request::header(std::string_view name) const { return find_header(headers, name); }

std::string_view Response::header(std::string_view name) const {
    return find_header(headers, name);
}

}  // namespace rag::wire
