"""The FILTERS language as text, both ways: `parse_query(query_text(filters)) == filters`.

    SELECT name FROM REFERENCE_OBJECT
    WHERE (has_colour = 'red' AND height > 30 cm) OR NOT has_tag = 'x'' OR 1=1 --'
    PLACED LEFT OF (SELECT MEMORY FROM REFERENCE_OBJECT WHERE has_name = 'table')
    ARGMIN DISTANCE(FROM AGENT) ORDINAL 2
    AT TIME 10 minutes AGO

Whatever stands in single quotes is a text and nothing else (a quote in it is doubled); names in double quotes
are names of properties, predicates or node types. Keywords are read in any case. The parts come in this order,
all but the first optional:

    SELECT MEMORY | COUNT | property | (property, ...)   FROM a memory type or node type
    WHERE clause                    AND, OR, NOT, parentheses, TRUE, FALSE; AND (c) and OR (c) have one clause
    PLACED [direction] [OF] references [AT metres] [FRAME frame] [SPAN 'words']
    ARGMIN [property] | ARGMAX [property] | ORDER BY property | ORDER BY RANDOM | ORDER BY DEFAULT
    ORDINAL n   LIMIT n   SAME ALLOWED | REQUIRED   SEED n
    AT TIME moment                  COREFERENCE   OTHER

Clauses:
    has_colour = 'red'              what is said, by this predicate or as a tag (`Triple`)
    SAID("made of", 'oak') CONFIDENCE 0.5
    MENTIONS 'red chair'            in some text of the node, these words one after the other (`Mentions`)
    TRIPLE(?, has_name, 'chair')    the node is the subject (`TriplePattern`)
    TRIPLE((SELECT ...), *, ?)      the node is the object, by any predicate
    CREATED | UPDATED | ATTENDED | FINISHED  SINCE m | UNTIL m | BETWEEN m AND m | EVER
    side = != < <= > >= side        sides: 30 cm, 'text', property, (SELECT ...), THING(...); then any of
                                    MODULO 360, WITHIN 5, IN degrees, FOR ALL
Properties:
    height, born_time, ...          attributes
    weight_kg, "any name"           other properties, or what is said by a predicate
    DISTANCE(FROM ref TO ref), EXTENT(LEFT FROM ref FRAME frame IN feet)
    has_parent_task -> name         of the nodes that a path leads to; ^member_of: against its direction
    COUNT(^member_of AMONG (SELECT ...)), BLOCKS(WHERE has_colour = 'blue')
References:
    AGENT, SPEAKER, SPEAKER_LOOK, POINT(1, 2, 0.5), (SELECT ...), 'words', THING(several of these)
Frames:
    AGENT, SPEAKER, ABSOLUTE, THING(...)
Moments: 5 seconds, 123 ns (of the run's clock), 10 minutes AGO
"""

from droidlet_memory.text_form.errors import QueryTextError
from droidlet_memory.text_form.reading import parse_query
from droidlet_memory.text_form.writing import query_text

__all__ = ["QueryTextError", "parse_query", "query_text"]
