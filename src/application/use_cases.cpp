#include "application/use_cases.hpp"

namespace rag {
namespace {

ChunkingTools chunking_tools(const Ports& ports, const UseCaseOptions& options) {
    return {options.chunking, options.conversation, ports.segmenter, ports.analyzer};
}

}  // namespace

UseCases::UseCases(const Ports& ports, const UseCaseOptions& options)
    : ingest(
          ports.repository,
          ports.embeddings,
          ports.telemetry,
          ports.work_pool,
          gate_,
          chunking_tools(ports, options)
      ),
      append(
          ports.repository,
          ports.embeddings,
          ports.telemetry,
          ports.work_pool,
          gate_,
          chunking_tools(ports, options)
      ),
      search(
          ports.repository,
          ports.embeddings,
          ports.telemetry,
          ports.work_pool,
          ports.analyzer,
          ports.clock,
          ports.time_zones
      ),
      legacy_search(ports.repository, ports.embeddings, ports.telemetry, ports.time_zones),
      list(ports.repository, ports.time_zones),
      get(ports.repository),
      update(ports.repository, ports.telemetry, ports.work_pool, gate_, options.conversation),
      remove(ports.repository, ports.telemetry),
      verify(ports.repository),
      health(ports.repository, ports.embeddings),
      session_keys(ports.repository),
      token_counter(ports.token_counter),
      default_zone(**ports.time_zones.find({})),
      telemetry(ports.telemetry),
      clock(ports.clock),
      use_new_architecture(options.use_new_architecture) {}

}  // namespace rag
