#include "log_fields.hpp"

namespace rag {

bool is_server_failure(ErrorCode code) {
    switch (code) {
        case ErrorCode::overloaded:
        case ErrorCode::timeout:
        case ErrorCode::unavailable:
        case ErrorCode::no_space:
        case ErrorCode::corrupt:
        case ErrorCode::internal:
            return true;
        default:
            return false;
    }
}

}  // namespace rag
