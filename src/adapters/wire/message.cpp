#include "wire/message.hpp"

#include "wire/headers.hpp"

namespace rag::wire {

namespace {

std::string_view find_header(const std::vector<Header>& headers, std::string_view name) {
    for (const Header& header : headers) {
        if (equals_ignoring_case(header.name, name)) return header.value;
    }
    return {};
}

}  // namespace

const std::string& Body::text() const {
    static const std::string kNothing;
    return text_ ? *text_ : kNothing;
}

std::string_view Request::header(std::string_view name) const { return find_header(headers, name); }

std::string_view Response::header(std::string_view name) const {
    return find_header(headers, name);
}

}  // namespace rag::wire
