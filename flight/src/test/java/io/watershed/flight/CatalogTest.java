package io.watershed.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryEngine;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.SqlRequest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogTest {
  private final List<String> asked = new ArrayList<>();
  private boolean wentOn;

  /** An engine that describes nothing, and tells whether a statement goes on after its columns. */
  private QueryEngine engine(String refusal) {
    return (QueryEngine)
        Proxy.newProxyInstance(
            QueryEngine.class.getClassLoader(),
            new Class<?>[] {QueryEngine.class},
            (proxy, method, arguments) -> {
              SqlRequest request = (SqlRequest) arguments[0];
              asked.add(request.sql());
              if (request.sql().startsWith("DESCRIBE") || !refusal.isEmpty()) {
                throw new WatershedException(ErrorCode.SQL, "refused: " + refusal, "");
              }
              try {
                ((ResultSink) arguments[1]).begin(List.of(new ResultColumn("n", "BIGINT")));
              } catch (IOException e) {
                throw new WatershedException(ErrorCode.OUTPUT, "gone", "", e);
              }
              wentOn = true;
              throw new InvocationTargetException(null);
            });
  }

  @Test
  void aStatementThatCannotBeDescribedRunsNoFurtherThanToItsColumns() {
    var schema = new Catalog(engine(""), List::of).schema(SqlRequest.of("SUMMARIZE orders"));
    assertThat(schema.getFields()).singleElement().extracting("name").isEqualTo("n");
    assertThat(asked).containsExactly("DESCRIBE SUMMARIZE orders", "SUMMARIZE orders");
    assertThat(wentOn).isFalse();
  }

  @Test
  void aStatementThatIsWrongSaysSoItself() {
    Catalog catalog = new Catalog(engine("no such column"), List::of);
    assertThatThrownBy(() -> catalog.schema(SqlRequest.of("SELECT x")))
        .hasMessageContaining("no such column");
  }
}
