"""Level 1, the robot of a furnished room: what it can recognise, and what people ask of it that it cannot
do.
"""

from __future__ import annotations

from droidlet_dialog.words.table import by_meaning, each

WORDS: dict[str, dict[str, str]] = {
    "thing": by_meaning(
        {
            "ball": """
                ball, football, soccer ball, basketball, tennis ball, beach ball, soccerball, globe, sphere,
                toy ball
            """,
            "bed": """
                bed, cot, bunk, mattress, single bed, double bed, bedstead, bunk bed, place to sleep
            """,
            "bin": """
                bin, trash can, rubbish bin, wastebasket, waste basket, garbage can, dustbin, trash bin,
                wastebin, basket, bucket, trashcan, waste bin, paper bin, garbage bin, litter bin, waste
                paper basket, trash, rubbish, garbage
            """,
            "book": """
                book, novel, notebook, textbook, paperback, tome, diary, magazine, something to read,
                anything to read, thing to read
            """,
            "bottle": "bottle, flask, water bottle, wine bottle, beer bottle, jar, glass bottle",
            "box": """
                box, crate, carton, package, parcel, cardboard box, container, chest, cube, case, trunk
            """,
            "cabinet": """
                cabinet, cupboard, wardrobe, closet, dresser, locker, sideboard, filing cabinet, chest of
                drawers, drawers, armoire
            """,
            "chair": """
                chair, seat, armchair, office chair, dining chair, kitchen chair, arm chair, desk chair,
                rocking chair, wooden chair
            """,
            "cup": """
                cup, mug, coffee cup, coffee mug, teacup, tea cup, beaker, glass, tumbler, goblet, drinking
                glass
            """,
            "lamp": """
                lamp, light, floor lamp, lantern, desk lamp, table lamp, standing lamp, standard lamp,
                reading lamp, lightbulb, light bulb
            """,
            "person": """
                person, human, man, woman, guy, somebody, someone, anybody, anyone, human being, him, her,
                boy, girl, he, she, lady, gentleman, fellow, individual, child, kid, adult, people, user,
                owner, master, boss, operator, everyone, everybody
            """,
            "plant": """
                plant, flower, potted plant, houseplant, tree, bush, fern, pot plant, house plant,
                flowerpot, cactus, shrub, greenery
            """,
            "shelf": """
                shelf, bookshelf, bookcase, rack, shelving, shelving unit, book shelf, book case, shelf
                unit, shelves
            """,
            "sofa": """
                sofa, couch, settee, loveseat, divan, love seat, chesterfield, sofa bed, futon, davenport,
                lounge
            """,
            "stool": """
                stool, bar stool, footstool, foot stool, barstool, step stool, taboret, ottoman, pouf,
                hocker
            """,
            "table": """
                table, desk, coffee table, dining table, kitchen table, side table, end table, writing desk,
                workbench, counter, dinner table
            """,
            "television": """
                television, tv, telly, tv set, television set, screen, monitor, flat screen, display, tele,
                tvset, tv screen
            """,
            "vase": "vase, urn, flower vase, pot, jug, pitcher, amphora",
            "bed|cabinet|chair|shelf|sofa|stool|table": "furniture, piece of furniture, furnishing",
            "chair|sofa|stool": """
                thing to sit on, something to sit on, place to sit, anything to sit on, somewhere to sit,
                where to sit
            """,
            "cup|bottle": "something to drink from, thing to drink from, something to drink",
            "bed|sofa": "somewhere to sleep, something to sleep on, somewhere to lie down",
        }
    ),
    "place": each(
        """
            room, house, flat, apartment, place, world, building, home, area, space, surroundings,
            environment, office, hall, floor, whole house, whole room, whole flat, whole place, map, memory,
            scene, view, picture, image, camera, sight, front, corner, everywhere, field of view
        """
    ),
    "other": each(
        """
            walk in a circle, walk in circles, drive in a circle, drive in circles, go in a circle, go in
            circles, move in a circle, move in circles, run in a circle, run in circles, slow down, speed up, go
            slower, go faster, be careful, faster, slower, hurry up, watch out, lead the way, show me around,
            look out, drive slower, drive faster, move slower, move faster, walk faster, walk slower, be quick,
            take me, bring me, bring, fetch, grab, pick up, pick, lift, carry, hold up, give, give me, hand me,
            hand, open, close, shut, build, dig, fill, destroy, break, sing, dance, jump, clean, clean up, tidy,
            tidy up, cook, make me, push, pull, put, throw, kick, drop, eat, drink, play, call, write, read,
            draw, paint, switch on, switch off, turn on, turn off, spawn, copy, undo, wash, sweep, vacuum, mop,
            kill, hit, attack, climb, swim, tell me a joke, tell me a story, tell a joke, order, buy, send,
            charge, recharge, shut down, power off, reboot, sleep, guide me, lead me, help me with, get me, get,
            fix, repair, cut, move the, take, serve, pour, feed, water, charge yourself, sit on, lie down, hide,
            wave, nod, smile, laugh, marry, teach, learn, remember, calculate, compute, translate, google,
            search the web, search the internet, set an alarm, set a timer, remind me, wake me up, play music,
            stack, place, collect, gather, deliver, return the, swap, exchange, measure, weigh, photograph,
            film, record, take a picture, take a photo, look up, look down, knock, ring, bake, iron, fold, hug,
            kiss, shake, touch, press, unlock, lock, clap, bow, squat, kneel, catch, shoot, fire, bark, meow,
            sort, arrange, assemble, hoover, dust, scrub, empty, show me how, teach me, hop, skip, blink, flash,
            beep, whistle, tell me a, tell me the, go to sleep, self destruct, explode, teleport, fly, leave the
            room, go outside, go out, walk out, exit the room, leave the house, leave the flat, exit, walk
            outside, drive outside, make coffee, make tea, make some, talk to, warm, heat, cool, switch, go
            upstairs, go downstairs, go slowly, be faster, be slower, play with, lend, wait until, wait till,
            wait for the, turn away from, look away from, face away from, turn your back to, turn your back on,
            tell me when you, let me know when, let me know if you, tell me as soon as, warn me, notify me,
            alert me, guard, protect, avoid
        """
    ),
}
