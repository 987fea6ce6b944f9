#pragma once

#include <string_view>

namespace rag::sqlite {

/// A statement about one tenant's rows. ?1 is the tenant, which a TenantConnection binds at each
/// run; what the caller names becomes ?2, ?3, ...
class TenantStatement {
public:
    consteval TenantStatement(const char* text) : text_(text) {  // From a literal, as it stands.
        if (std::string_view(text).find("?1") == std::string_view::npos) {
            throw "A tenant's statement says ?1 of every table.";
        }
    }
    constexpr const char* text() const { return text_; }

private:
    const char* text_;
};

/// A statement about the store as a whole: transactions, the schema, what all tenants share. What
/// the caller names becomes ?1, ?2, ...
class StoreStatement {
public:
    consteval StoreStatement(const char* text) : text_(text) {
        if (std::string_view(text).find("tenant_id =") != std::string_view::npos) {
            throw "A statement that asks for a tenant's rows is a TenantStatement.";
        }
    }
    constexpr const char* text() const { return text_; }

private:
    const char* text_;
};

}  // namespace rag::sqlite
