#pragma once

#include <cstdint>

#include "connection.hpp"
#include "domain/text_ports.hpp"

namespace rag::sqlite {

/// Makes a tenant's terms anew that another analyzer has made, and what else depends on it. A store
/// that is closed or crashes meanwhile goes on where it was: each turn is a transaction.
class TermRenewal {
public:
    TermRenewal(TenantConnection db, const TermAnalyzer& analyzer);

    bool needed();

    /// One turn. False: it was the last; the store notes the analyzer. Throws SqliteError.
    bool renew_some();

    std::int64_t renewed() const { return renewed_; }  // Chunks.
    std::int64_t total() const { return total_; }      // Chunks of the tenant.

private:
    std::size_t renew(std::int64_t chunks_max);

    TenantConnection db_;
    const TermAnalyzer& analyzer_;
    std::int64_t total_ = 0;
    std::int64_t last_chunk_ = 0;
    std::int64_t renewed_ = 0;
};

}  // namespace rag::sqlite
