#include "application/call_context.hpp"

namespace rag {

const std::shared_ptr<const Principal>& CallContext::default_principal() {
    static const std::shared_ptr<const Principal> principal = std::make_shared<const Principal>();
    return principal;
}

}  // namespace rag
