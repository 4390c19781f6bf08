package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Structs within structs that grew from file to file: what is read of them is what records of one
 * age say, whose file has every member.
 */
class GrownStructsTest {
  /** Each is archived before the next is put; the last one stays live. */
  private static final List<String> AGES =
      List.of(
          "{'n':0}",
          "{'n':1,'customer':{'city':'a','zip':1}}",
          "{'n':2,'customer':{'city':'b','geo':{'lat':1.25}}}",
          "{'n':3,'customer':{'city':'c','geo':{'lat':-2.5,'lon':3.5,'area':{'code':1}}}}",
          "{'n':4,'customer':{'city':'d','zip':4,"
              + "'geo':{'lat':60.5,'area':{'code':2,'part':{'x':9}}}}}");

  @TempDir static Path folder;
  private static Water water;

  @BeforeAll
  static void put() throws Exception {
    water = new Water(folder, "aged", "whole");
    for (String age : AGES) {
      water.archive("aged");
      water.put("aged", "key", age.replace('\'', '"'));
      water.put("whole", "key", age.replace('\'', '"'));
    }
    water.archive("whole");
  }

  @AfterAll
  static void close() {
    water.close();
  }

  @Test
  void aFilterOnAMemberThatCameAfterTheArchiveFindsTheRecordsWithoutIt(@TempDir Path other)
      throws Exception {
    try (Water two = new Water(other, "orders")) {
      two.put("orders", "key", "{\"customer\":{\"city\":\"a\",\"zip\":1}}");
      two.archive("orders");
      two.put("orders", "key", "{\"customer\":{\"city\":\"b\",\"zip\":2,\"geo\":{\"lat\":1.25}}}");
      for (String condition : List.of("IS NULL", "IS NOT NULL", "> 1")) {
        assertThat(
                two.ask("SELECT count(*) FROM orders o WHERE o.customer.geo.lat " + condition)
                    .single())
            .as(condition)
            .isEqualTo(1L);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "customer.zip",
        "customer.geo.lat",
        "customer.geo.area.code",
        "customer.geo.area.part.x",
      })
  void aMemberIsReadAloneComparedJoinedAndGrouped(String member) {
    for (String sql :
        List.of(
            "SELECT o.M FROM T o ORDER BY n",
            "SELECT n, o.M FROM T o WHERE o.M IS NULL ORDER BY n",
            "SELECT count(*) FROM T o WHERE o.M > 1",
            "SELECT n FROM T o WHERE o.M < 1 OR o.customer.geo IS NULL ORDER BY n",
            "SELECT n FROM T o WHERE o.customer.geo IS NOT NULL AND o.M IS NULL ORDER BY n",
            "SELECT n FROM T o WHERE o.customer.geo.area IS NOT NULL AND o.customer.geo.area.code"
                + " > 0 AND o.M IS NOT NULL ORDER BY n",
            "SELECT n FROM T o WHERE o.customer.city > 'a' AND o.M IS NOT NULL ORDER BY n",
            "SELECT n, o.customer FROM T o WHERE o.M IS NOT NULL ORDER BY n",
            "SELECT a.n, b.n FROM T a JOIN T b ON a.M = b.M ORDER BY ALL",
            "SELECT a.n FROM T a LEFT JOIN T b ON a.n = b.n AND b.M IS NULL"
                + " WHERE b.n IS NULL ORDER BY n",
            "SELECT o.M, count(*) FROM T o GROUP BY 1 HAVING max(o.M) IS NOT NULL ORDER BY 1",
            "SELECT n FROM T o ORDER BY o.M DESC NULLS LAST, n LIMIT 2")) {
      String of = sql.replaceAll("\\bM\\b", member);
      assertThat(rows(of, "aged")).as(of).isEqualTo(rows(of, "whole_archive"));
      // Without live records, a view has no UNION, and is planned differently.
      String archived = "(SELECT * FROM whole_archive WHERE n < 4)";
      assertThat(rows(of, "aged_archive")).as("archived: " + of).isEqualTo(rows(of, archived));
    }
  }

  private static List<List<Object>> rows(String sql, String table) {
    return water.ask(sql.replaceAll("\\bT\\b", table)).rows;
  }
}
