#include "application/call_context.hpp"

namespace rag {

const std::shared_ptr<const Principal>& CallContext::default_principal() {
    static const auto principal =
        std::make_shared<const Principal>(Principal{TenantId{std::string(kDefaultTenant)}, {}, {}});
    return principal;
}

}  // namespace rag
