#include "domain/error.hpp"

namespace rag {

std::string_view name_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_argument:
            return "invalid_argument";
        case ErrorCode::unauthenticated:
            return "unauthenticated";
        case ErrorCode::forbidden:
            return "forbidden";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::conflict:
            return "conflict";
        case ErrorCode::already_exists:
            return "already_exists";
        case ErrorCode::key_reused:
            return "key_reused";
        case ErrorCode::too_large:
            return "too_large";
        case ErrorCode::overloaded:
            return "overloaded";
        case ErrorCode::timeout:
            return "timeout";
        case ErrorCode::unavailable:
            return "unavailable";
        case ErrorCode::no_space:
            return "no_space";
        case ErrorCode::corrupt:
            return "corrupt";
        case ErrorCode::internal:
            return "internal";
    }
    return "internal";
}

}  // namespace rag
