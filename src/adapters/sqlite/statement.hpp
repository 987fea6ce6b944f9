#pragma once

#include <cstddef>
#include <string_view>

namespace rag::sqlite {

/// How many tables a statement names. Sub-queries count their own.
consteval std::size_t tables_named(std::string_view statement) {
    std::size_t count = 0;
    for (const std::string_view before : {"FROM ", "JOIN ", "INTO ", "UPDATE "}) {
        for (std::size_t at = statement.find(before); at != std::string_view::npos;
             at = statement.find(before, at + 1)) {
            if (statement[at + before.size()] != '(') ++count;
        }
    }
    return count;
}

/// How often a statement says ?1 (and not ?10).
consteval std::size_t tenants_said(std::string_view statement) {
    std::size_t count = 0;
    for (std::size_t at = statement.find("?1"); at != std::string_view::npos;
         at = statement.find("?1", at + 1)) {
        const char next = at + 2 < statement.size() ? statement[at + 2] : ' ';
        if (next < '0' || next > '9') ++count;
    }
    return count;
}

/// A statement about one tenant's rows: it does not compile unless it says ?1 as often as it names
/// a table (whether of each is what the tests of two tenants see). ?1 is the tenant, which a
/// TenantConnection binds at each run; what the caller names becomes ?2, ?3, ...
class TenantStatement {
public:
    consteval TenantStatement(const char* text) : text_(text) {  // From a literal, as it stands.
        if (tenants_said(text) == 0 || tenants_said(text) < tables_named(text)) {
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
