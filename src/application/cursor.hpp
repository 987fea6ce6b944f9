#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "application/parameters.hpp"

namespace rag {

/// Digest of the parameters that a cursor was made for (FNV-1a over their text): it tells a mistake
/// from a continued page, it protects nothing.
class ParameterDigest {
public:
    /// `kind`: which call it is, so that one call's cursor does not fit another.
    explicit ParameterDigest(std::string_view kind) { add(kind); }

    void add(std::string_view text);
    void add(std::uint64_t number);
    void add_value(const ParameterValue& value);

    std::uint64_t value() const { return hash_; }

private:
    void add_byte(unsigned char byte);

    std::uint64_t hash_ = 0xcbf29ce484222325U;
};

/// Of all that a request can say, but the cursor itself. What has no row in the table of parameters
/// cannot be said, so nothing that can be is forgotten.
template <class Request>
ParameterDigest digest_of(std::string_view kind, const Request& request) {
    ParameterDigest digest(kind);
    for (const ParameterRow<Request>& row : parameter_rows<Request>()) {
        if (!row.parameter.names_page) digest.add_value(row.access.get(request));
    }
    return digest;
}

/// Where a page ended.
struct CursorPlace {
    std::uint64_t number = 0;  // Of a result, or a conversation's id.
    std::uint64_t key = 0;     // What the results are sorted by; 0: by their number.
};

/// Opaque to clients: a place in the results, and the digest.
std::string make_cursor(CursorPlace place, const ParameterDigest& parameters);

/// `invalid_argument` with the pointer /cursor: not a cursor, or one of other parameters.
Result<CursorPlace> read_cursor(std::string_view cursor, const ParameterDigest& parameters);

}  // namespace rag
