package io.watershed.flight;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.watershed.cut.LiveMode;
import io.watershed.query.AsOf;
import io.watershed.query.AsOfText;
import io.watershed.query.SqlRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightConstants;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.ServerHeaderMiddleware;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.NoOpFlightSqlProducer;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionClosePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementResult;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetCatalogs;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetCrossReference;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetExportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetImportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetPrimaryKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetSqlInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTableTypes;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetXdbcTypeInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedTransaction;
import org.apache.arrow.flight.sql.impl.FlightSql.TicketStatementQuery;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls of Flight SQL: statements over the view, and what there is. It keeps nothing
 * between calls: the handle of a statement is its SQL. What changes something is refused as
 * unimplemented. Thread-safe.
 */
final class ViewProducer extends NoOpFlightSqlProducer {
  /** Header or connection property: what {@link AsOfText} takes. */
  private static final String AS_OF = "as-of";

  /** Header or connection property: auto, require or off. */
  private static final String LIVE = "live";

  private final BufferAllocator memory;
  private final StatementFlights statements;
  private final Catalog catalog;
  private final SqlInfoBuilder information;

  ViewProducer(BufferAllocator memory, StatementFlights statements, Catalog catalog) {
    this.memory = memory;
    this.statements = statements;
    this.catalog = catalog;
    String version = ViewProducer.class.getPackage().getImplementationVersion();
    this.information =
        new SqlInfoBuilder()
            .withFlightSqlServerName("watershed")
            .withFlightSqlServerVersion(version == null ? "development" : version)
            .withFlightSqlServerArrowVersion(
                String.valueOf(Schema.class.getPackage().getImplementationVersion()))
            .withFlightSqlServerReadOnly(true)
            .withFlightSqlServerSql(true)
            .withFlightSqlServerSubstrait(false)
            .withFlightSqlServerTransaction(SqlSupportedTransaction.SQL_SUPPORTED_TRANSACTION_NONE)
            .withFlightSqlServerCancel(false)
            .withSqlIdentifierQuoteChar("\"")
            .withSqlDdlCatalog(false)
            .withSqlDdlSchema(false)
            .withSqlDdlTable(false);
  }

  @Override
  public FlightInfo getFlightInfoStatement(
      CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return begin(command.getQuery(), descriptor);
  }

  @Override
  public FlightInfo getFlightInfoPreparedStatement(
      CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return begin(command.getPreparedStatementHandle().toStringUtf8(), descriptor);
  }

  /** The statement runs when its rows are fetched; its columns come with them. */
  private static FlightInfo begin(String sql, FlightDescriptor descriptor) {
    TicketStatementQuery ticket =
        TicketStatementQuery.newBuilder().setStatementHandle(ByteString.copyFromUtf8(sql)).build();
    return info(ticket, null, descriptor);
  }

  @Override
  public void getStreamStatement(
      TicketStatementQuery ticket, CallContext context, ServerStreamListener listener) {
    try {
      SqlRequest request = request(ticket.getStatementHandle().toStringUtf8(), context);
      statements.begin(request, context.peerIdentity(), listener);
    } catch (RuntimeException e) {
      listener.error(FlightErrors.of(e));
    }
  }

  @Override
  public SchemaResult getSchemaStatement(
      CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return new SchemaResult(schema(command.getQuery(), context));
  }

  @Override
  public SchemaResult getSchemaPreparedStatement(
      CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return new SchemaResult(schema(command.getPreparedStatementHandle().toStringUtf8(), context));
  }

  @Override
  public void createPreparedStatement(
      ActionCreatePreparedStatementRequest request,
      CallContext context,
      StreamListener<Result> listener) {
    try {
      ActionCreatePreparedStatementResult prepared =
          ActionCreatePreparedStatementResult.newBuilder()
              .setPreparedStatementHandle(request.getQueryBytes())
              .setDatasetSchema(
                  ByteString.copyFrom(schema(request.getQuery(), context).serializeAsMessage()))
              .build();
      listener.onNext(new Result(Any.pack(prepared).toByteArray()));
      listener.onCompleted();
    } catch (RuntimeException e) {
      listener.onError(FlightErrors.of(e));
    }
  }

  @Override
  public void closePreparedStatement(
      ActionClosePreparedStatementRequest request,
      CallContext context,
      StreamListener<Result> listener) {
    listener.onCompleted();
  }

  private Schema schema(String sql, CallContext context) {
    try {
      return catalog.schema(request(sql, context));
    } catch (RuntimeException e) {
      throw FlightErrors.of(e);
    }
  }

  private static SqlRequest request(String sql, CallContext context) {
    @Nullable ServerHeaderMiddleware middleware = context.getMiddleware(FlightConstants.HEADER_KEY);
    if (middleware == null) {
      return SqlRequest.of(sql);
    }
    CallHeaders headers = middleware.headers();
    return new SqlRequest(sql, asOf(headers.get(AS_OF)), live(headers.get(LIVE)));
  }

  private static Optional<AsOf> asOf(@Nullable String text) {
    return text == null || text.isBlank()
        ? Optional.empty()
        : Optional.of(AsOfText.parse(text, InstantSource.system()));
  }

  private static LiveMode live(@Nullable String text) {
    return text == null || text.isBlank() ? LiveMode.AUTO : LiveMode.parse(text);
  }

  private static FlightRuntimeException refused(String why) {
    return CallStatus.INVALID_ARGUMENT.withDescription(why).toRuntimeException();
  }

  @Override
  public FlightInfo getFlightInfoSqlInfo(
      CommandGetSqlInfo command, CallContext context, FlightDescriptor descriptor) {
    return info(command, Schemas.GET_SQL_INFO_SCHEMA, descriptor);
  }

  @Override
  public void getStreamSqlInfo(
      CommandGetSqlInfo command, CallContext context, ServerStreamListener listener) {
    try {
      information.send(command.getInfoList(), listener);
    } catch (RuntimeException e) {
      listener.error(refused("this server does not say all of " + command.getInfoList()));
    }
  }

  @Override
  public FlightInfo getFlightInfoCatalogs(
      CommandGetCatalogs command, CallContext context, FlightDescriptor descriptor) {
    return info(command, Schemas.GET_CATALOGS_SCHEMA, descriptor);
  }

  @Override
  public void getStreamCatalogs(CallContext context, ServerStreamListener listener) {
    nothing(Schemas.GET_CATALOGS_SCHEMA, listener);
  }

  @Override
  public FlightInfo getFlightInfoSchemas(
      CommandGetDbSchemas command, CallContext context, FlightDescriptor descriptor) {
    return info(command, Schemas.GET_SCHEMAS_SCHEMA, descriptor);
  }

  @Override
  public void getStreamSchemas(
      CommandGetDbSchemas command, CallContext context, ServerStreamListener listener) {
    stream(Schemas.GET_SCHEMAS_SCHEMA, listener, root -> catalog.schemas(command, root));
  }

  @Override
  public FlightInfo getFlightInfoTables(
      CommandGetTables command, CallContext context, FlightDescriptor descriptor) {
    return info(command, tables(command), descriptor);
  }

  @Override
  public void getStreamTables(
      CommandGetTables command, CallContext context, ServerStreamListener listener) {
    stream(tables(command), listener, root -> catalog.tables(command, root));
  }

  private static Schema tables(CommandGetTables command) {
    return command.getIncludeSchema()
        ? Schemas.GET_TABLES_SCHEMA
        : Schemas.GET_TABLES_SCHEMA_NO_SCHEMA;
  }

  @Override
  public FlightInfo getFlightInfoTableTypes(
      CommandGetTableTypes command, CallContext context, FlightDescriptor descriptor) {
    return info(command, Schemas.GET_TABLE_TYPES_SCHEMA, descriptor);
  }

  @Override
  public void getStreamTableTypes(CallContext context, ServerStreamListener listener) {
    stream(Schemas.GET_TABLE_TYPES_SCHEMA, listener, catalog::tableTypes);
  }

  @Override
  public FlightInfo getFlightInfoTypeInfo(
      CommandGetXdbcTypeInfo command, CallContext context, FlightDescriptor descriptor) {
    return info(command, Schemas.GET_TYPE_INFO_SCHEMA, descriptor);
  }

  @Override
  public void getStreamTypeInfo(
      CommandGetXdbcTypeInfo command, CallContext context, ServerStreamListener listener) {
    nothing(Schemas.GET_TYPE_INFO_SCHEMA, listener);
  }

  @Override
  public FlightInfo getFlightInfoPrimaryKeys(
      CommandGetPrimaryKeys command, CallContext context, FlightDescriptor descriptor) {
    return info(command, Schemas.GET_PRIMARY_KEYS_SCHEMA, descriptor);
  }

  @Override
  public void getStreamPrimaryKeys(
      CommandGetPrimaryKeys command, CallContext context, ServerStreamListener listener) {
    nothing(Schemas.GET_PRIMARY_KEYS_SCHEMA, listener);
  }

  @Override
  public FlightInfo getFlightInfoImportedKeys(
      CommandGetImportedKeys command, CallContext context, FlightDescriptor descriptor) {
    return info(command, Schemas.GET_IMPORTED_KEYS_SCHEMA, descriptor);
  }

  @Override
  public void getStreamImportedKeys(
      CommandGetImportedKeys command, CallContext context, ServerStreamListener listener) {
    nothing(Schemas.GET_IMPORTED_KEYS_SCHEMA, listener);
  }

  @Override
  public FlightInfo getFlightInfoExportedKeys(
      CommandGetExportedKeys command, CallContext context, FlightDescriptor descriptor) {
    return info(command, Schemas.GET_EXPORTED_KEYS_SCHEMA, descriptor);
  }

  @Override
  public void getStreamExportedKeys(
      CommandGetExportedKeys command, CallContext context, ServerStreamListener listener) {
    nothing(Schemas.GET_EXPORTED_KEYS_SCHEMA, listener);
  }

  @Override
  public FlightInfo getFlightInfoCrossReference(
      CommandGetCrossReference command, CallContext context, FlightDescriptor descriptor) {
    return info(command, Schemas.GET_CROSS_REFERENCE_SCHEMA, descriptor);
  }

  @Override
  public void getStreamCrossReference(
      CommandGetCrossReference command, CallContext context, ServerStreamListener listener) {
    nothing(Schemas.GET_CROSS_REFERENCE_SCHEMA, listener);
  }

  private static FlightInfo info(
      Message ticket, @Nullable Schema schema, FlightDescriptor descriptor) {
    FlightEndpoint here = new FlightEndpoint(new Ticket(Any.pack(ticket).toByteArray()));
    return new FlightInfo(schema, descriptor, List.of(here), -1, -1);
  }

  /** Fills one batch. */
  private interface Filling {
    void fill(VectorSchemaRoot root);
  }

  private void nothing(Schema schema, ServerStreamListener listener) {
    stream(schema, listener, root -> root.setRowCount(0));
  }

  private void stream(Schema schema, ServerStreamListener listener, Filling filling) {
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, memory)) {
      filling.fill(root);
      listener.start(root);
      listener.putNext();
      listener.completed();
    } catch (RuntimeException e) {
      listener.error(FlightErrors.of(e));
    }
  }
}
