"""Level 0, how people talk: politeness, joining words, greetings, yes and no."""

from __future__ import annotations

from droidlet_dialog.words.table import by_meaning, each

WORDS: dict[str, dict[str, str]] = {
    "noise": each(
        """
            please, kindly, pls, plz, plea, um, uh, er, erm, hmm, hm, just, actually, simply, quickly,
            slowly, carefully, immediately, right now, right away, at once, straight away, as soon as
            possible, asap, maybe, perhaps, possibly, if you can, if you could, if you would, if you do not
            mind, if possible, if you like, if you please, when you can, when you have time, when you are
            ready, sort of, kind of, basically, literally, definitely, really, gently, safely, be so kind,
            as fast as you can, as quickly as you can, as fast as possible, as quickly as possible, be so
            good, for heaven's sake, for goodness sake, directly, oh, ah, currently, at the moment,
            presently, at present, today, by the way, quick, exactly, precisely, approximately, roughly
        """
    ),
    "lead": each(
        """
            would it be possible for you to, is it possible for you to, could you, can you, would you, will you,
            would you mind, would it be possible to, is it possible to, would you be able to, could i ask you
            to, may i ask you to, can i ask you to, i want you to, i would like you to, i need you to, i want
            to, i would like to, i wish you would, i wonder if you could, i was wondering if you could, could
            we, can we, shall we, let us, you should, you must, you have to, you need to, you can, you may, you
            could, you shall, you will, you are to, your task is to, your job is to, your mission is to, you, go
            ahead and, be a dear and, and, try to, try, try and, start, start to, begin, begin to, do me a
            favour and, do me a favor and, do, go and, come and, first, firstly, first of all, second, secondly,
            third, thirdly, now, next, finally, lastly, also, but, so, well, ok, okay, alright, all right,
            right, hey, listen, look here, excuse me, sorry, dear, my dear, robot, hey robot, robots, assistant,
            agent, bot, buddy, mate, friend, my friend, dude, sir, madam, droid, droidlet, machine, hey you, as
            to, good, great, fine, then, please do, once more, again, i think you should, i think you could,
            make sure to, make sure you, remember to, do not forget to, be sure to, it is time to, i order you
            to, i command you to, i ask you to, i beg you to, feel free to, instead, rather, to, it would be
            nice if you could, it would be great if you could, it would be nice if you would, what about, how
            about, do you think you could, are you able to, do you mind, i would appreciate it if you could, i
            would be grateful if you could, i need, i want, i would like, want to, let me see you, why do not
            you, next up, time to, here is your task, your next task is to, i would like to see you, quickly, i
            would love you to, i would love it if you could, can i have you, can you try to, could you try to,
            mind, would you be so kind as to, would you be kind enough to, be so kind as to, would you kindly,
            would you be willing to, i would be glad if you could, i would be happy if you could, i would be
            glad if you would, i would like for you to, i would be glad if you, i would be happy if you, it
            would be lovely if you could, it would be good if you could, i would love for you to, could you be
            so kind as to, would you be a dear and, would you be so good as to, i expect you to, how about you,
            why not, i need for you to, i would prefer you to, i would prefer that you, it is your turn to,
            could you possibly, can you kindly, you might want to, you had better, you better, i am asking you
            to, i would ask you to, may i ask that you, it is important that you, your orders are to, get ready
            to, prepare to, just, can you go ahead and, mission, task, command, order, attention, actually,
            could i trouble you to, can i trouble you to, i was hoping you could, i was hoping you would, i hope
            you can, i am hoping you could, might i ask you to, i request you to, you are requested to, i would
            be delighted if you could, i would be thankful if you could, it would help if you could, it would
            help me if you could, i was going to ask you to, can i get you to, could i get you to, is there any
            chance you could, any chance you could, i urge you to, be a good robot and, be nice and, be a pal
            and, do us a favour and, please be so kind as to, would it be okay if you, would it be too much
            trouble to, would it be too much to ask you to, see if you can, see whether you can
        """
    ),
    "tail": each(
        """
            else, for me, for us, now, thanks, thank you, thank you very much, thank you so much, many thanks,
            cheers, then, again, too, as well, robot, buddy, mate, dear, my friend, friend, dude, assistant,
            bot, my dear, ok, okay, will you, would you, could you, can you, right, once more, one more time,
            instead, all right, alright, if you will, sir, already, yourself, here, at all, anywhere, yet, so
            far, somewhere, until now, up to now, for a bit, for a while, for a moment, for a second, a minute,
            a moment, a second, or not, exactly, will not you, anyhow, anyway, droid, machine, agent, in total,
            altogether, everywhere, there, around, around you, around here, in here, in this room, in the room,
            in the house, in the flat, in the apartment, in this house, in the world, in your memory, in view,
            in sight, overall, in this place, nearby, at this moment, from here, from where you are, afterwards,
            later, next, ahead, lying around, standing around, boy, girl, pal, buddy boy, in turn, one after
            another, one after the other, one by one, one at a time, each, you know, thank you kindly, please
            and thank you, if you do not mind, when you get a chance, will you now, for a little while, a while,
            a bit of time, would you mind, carefully, if you would be so kind, all of them, at once, son, will
            you please, today, for a few moments, straight away, i mean, i meant
        """
    ),
    "join": each(
        """
            and, then, and then, after that, afterwards, next, and after that, plus, followed by, before
            that, but then, but, later, and also, also, and finally, finally, once there, once you are
            there, when you are there, when you get there, when you arrive, once you are done, when you are
            done, when done, after which, once done, as well as, and afterwards, and next, after this,
            subsequently, thereafter, and lastly, lastly, or, and when you are there, and when you get
            there, and once there, once you have arrived, and once you are there, having done that, when
            finished, when you are finished
        """
    ),
    "ordinary": each(
        """
            hall, wall, door, doors, window, windows, cable, tool, base, lamb, hair, call, fall, bell, shell,
            cook, hook, room, house, home, kitchen, floor, ceiling, corner, garden, street, shop, ship, car,
            cat, cats, dog, dogs, bird, fish, horse, mouse, bowl, bath, boot, boat, boots, bone, bend, bent,
            bead, beads, band, bus, bug, back, bank, bark, barn, bat, bear, beer, beef, pillow, plan, plane,
            plate, plates, plank, planet, planes, place, play, please, shelve, shed, sheet, sheep, soda, soap,
            sock, sofas, stone, store, story, star, start, stick, stuck, tale, talk, tank, tape, task, team,
            tent, test, text, tie, time, town, toy, tray, tree, truck, cap, cape, card, care, cart, case, cash,
            castle, cave, chain, chalk, char, charm, cheese, chess, chest, child, choir, coin, cold, cool, corn,
            count, cow, cows, crown, cube, cubes, lame, land, lane, last, late, law, lead, leaf, leak, lens,
            less, life, lift, like, limp, line, link, lion, list, lock, log, look, loop, lord, lose, loss, lost,
            loud, love, luck, lump, lunch, bill, bold, bolt, bomb, bond, boss, box, boy, boys, brain, bread,
            break, brick, bring, broom, brush, bull, bush, button, rack, rad, rain, rat, read, real, rest, rice,
            rich, ride, ring, rise, road, rock, role, roof, root, rope, rule, run, sad, sand, save, seed, sell,
            send, set, shoe, shoes, show, sing, sink, sit, size, skin, skirt, sky, slow, snow, song, soup, spin,
            spoon, spot, steel, stole, stock, stood, stove, string, suit, sun, swim, table, thank, think, three,
            through, tooth, top, tower, train, trash, trip, true, trust, try, tube, turned, type, unicorn,
            unicorns, dragon, elephant, giraffe, fridge, freezer, oven, toilet, shower, mirror, clock, phone,
            camera, cushion, blanket, rug, carpet, curtain, wardrobe, bookmark, keys, key, pen, pencil, paper,
            fork, knife, pan, pot, wheel, weather, water, whale, wire, wine, wind, wing, wish, wolf, wood, word,
            work, world, worm, yard, year, young, zoo, zebra, will, were, when, with, went, want, wait, walk,
            what, whom, whose, while, white, hello, help, held, hell, hill, hole, holes, hope, hour, hear, head,
            heat, heart, heavy, person, parson, poison, prison, blew, blow, grew, grow, great, greed, greet,
            grass, glass, bottles, battle, cattle, kettle, bottom, cotton, cough, coach, crouch, fold, food,
            fool, foot, ford, form, fort, foul, fellow, hollow, follow, yell, fallow, steal, steep, stem, stew,
            stir, stage, stamp, stair, stairs, stall, state, stay, stake, sear, bean, beam, beat, bike, tuna,
            tune, turf, tusk, curb, cure, curl, fled, fleet, flea, ball, bald, bale, balm, belt, best, beet,
            vest, vast, vise, seal, seam, seat, area, lava, lamp, lamps, clamp, cramp, stomp, stork, sport,
            spool, school, swap, step, steps, stops, sphere, square, circle, triangle, pyramid, doing, being,
            name, same, game, fire, moon, sunny, joke, poem, dinner, coffee, tea, milk, juice, apple, banana,
            good, bad, nice, fine, hot, new, old, news, none, never, nothing, number, numbers, people, money,
            music, movie, movies, magic, lemon, melon, crib, crab, cubic, exit, shade, chaise, silla, stuhl,
            potato, hat, bag, bar, cop, cab, web, face, faces, total, zum, pillar, bench, shame, shape, toast,
            hug, pet, pit, bow, bay, son, sofaz, carpets, jacket, coat, cloth, sugar, salt, poster, painting,
            wallet, charger, laptop, computer, keyboard, remote, ladder, hammer, nail, screw, saw, engine,
            battery, socket, plug, switch, radio, guitar, piano, drum, dish, dishes, towel, comb, razor, purse,
            ticket, letter, envelope, calendar, interesting, comfortable, comfy, soft, hard, pretty, ugly,
            dirty, clean, broken, empty, full, expensive, cheap, modern, fancy, shiny, hoping, hopes, hoped,
            hopped, legs, leg, trouble
        """
    ),
    "social": by_meaning(
        {
            "GREETING": """
                hello, hi, hey, hiya, howdy, greetings, good morning, good afternoon, good evening, good day, yo,
                hello there, hi there, hey there, can you hear me, do you hear me, are you listening, are you awake,
                wake up, nice to meet you, what is up, sup, good to see you, welcome, hello robot, hi robot, ahoy,
                hallo, morning, g day, gday, evening, afternoon, pleased to meet you, hello you
            """,
            "WELL": """
                how are you, how are you doing, how do you do, how is it going, how are things, how are you today,
                how is life, how do you feel, are you well, how have you been, you ok, you okay, all good
            """,
            "NOTED": """
                sorry, i am sorry, oops, my bad, my mistake, hmm ok, i see, got it, understood, interesting, lol,
                haha, ha, wow, aha, whatever, roger, copy that, noted, so what, oh well, just kidding, no problem,
                no worries, you are welcome, funny, oh no, ouch, hmm, i am joking, i was joking, good to know, fair
                enough, shut up, be quiet, silence, hush, quiet please, quiet, talk less, does not matter, it does
                not matter, i do not care, i do not mind
            """,
            "FAREWELL": """
                bye, goodbye, good bye, bye bye, see you, see you later, farewell, good night, see ya,
                later, so long, take care, have a nice day, have a good day, see you soon, see you tomorrow,
                until next time, ciao
            """,
            "THANKS": """
                thanks, thank you, thank you very much, thank you so much, many thanks, cheers, thanks a lot, much
                obliged, thanks so much, thank you robot, i appreciate it, much appreciated, thank you kindly, ta,
                ta very much, thx, tysm, thanks mate, thanks robot, thank you for your help, thanks for your help,
                thanks a bunch, thanks a million, that helps, that was helpful
            """,
            "PRAISE": """
                good job, well done, good robot, nice, great, excellent, awesome, bravo, perfect, nice work, great
                job, good work, amazing, wonderful, good boy, good girl, fantastic, you are great, you are good, i
                love you, cool, brilliant, very good, good, fine, super, lovely, i like you, that was great, very
                nice, impressive, splendid, that is great, that is good, that is nice, that is correct, you did it,
                congratulations, well played, nice one, good one, cool thanks
            """,
            "COMPLAINT": """
                bad robot, bad job, that is wrong, you are wrong, wrong, that is not right, stupid robot, you are
                stupid, that was wrong, that is bad, bad, you failed, not good, stupid, idiot, you are bad, i hate
                you, useless, that is not it, wrong one, that is the wrong one, not that, not that one, dumb robot,
                terrible, wrong chair, wrong thing, wrong way, that is the wrong way, wrong direction, not there,
                that is not the one, not this one, not it, that is not what i said, that is not what i meant, that
                was not it, no that is wrong, you misunderstood, other way, the other way, not that way, wrong side,
                the other direction, opposite direction, the opposite direction, that is the wrong direction
            """,
        }
    ),
    "confirm": by_meaning(
        {
            "yes": """
                yes, yeah, yep, yup, sure, of course, correct, affirmative, aye, indeed, absolutely, yes do,
                yes do that, certainly, definitely, please do, do it, do that, ok, okay, yes it is, that is
                right, right you are, why not, sounds good, all right, alright, you bet, yes please, that
                one, i do, exactly, go for it
            """,
            "no": """
                no no, no no no, no, nope, nah, negative, not really, no way, of course not, certainly not,
                no thanks, no thank you, better not, do not do it, do not do that, it is not, please do not,
                i do not, absolutely not, not now, rather not
            """,
        }
    ),
}
